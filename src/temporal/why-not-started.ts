import { closeSync, fstatSync, openSync, readSync, statfsSync } from 'node:fs';

/** Of a server's last words so much is read. */
const READS = 16_384;

const REASONS: readonly (readonly [RegExp, string])[] = [
  [/no space left on device|database or disk is full|ENOSPC/i, 'the disk is full'],
  [/address already in use|EADDRINUSE/i, 'a port that it needs is taken by something else'],
  [/permission denied|readonly database|EACCES/i, 'it may not write its files'],
  [/not a database|database disk image is malformed/i, 'its database is damaged'],
];

/** With less on its disk a server cannot so much as make its database, or say why it cannot. */
const LEAST_BYTES = 4 * 1024 * 1024;

/** Of the disk on which this folder is; undefined where that cannot be said. */
export function freeBytes(folder: string): number | undefined {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return undefined;
  }
}

/**
 * Why a server has ended, by what it has written to its log since `from`, and what its disk has left; its last line where
 * nothing is known of that.
 */
export function whyNotStarted(log: string, from: number, free?: number): string | undefined {
  const said = readFrom(log, from);
  const known = REASONS.find(([pattern]) => pattern.test(said));
  if (known) return known[1];
  if (free !== undefined && free < LEAST_BYTES) return 'the disk is full';
  return said.trim().split('\n').at(-1)?.trim().slice(0, 300) || undefined;
}

/** Where the log ends now: what is written from here on is this server's. */
export function endOf(log: string): number {
  try {
    const file = openSync(log, 'r');
    try {
      return fstatSync(file).size;
    } finally {
      closeSync(file);
    }
  } catch {
    return 0;
  }
}

function readFrom(log: string, from: number): string {
  try {
    const file = openSync(log, 'r');
    try {
      const start = Math.max(from, fstatSync(file).size - READS);
      const buffer = Buffer.alloc(READS);
      return buffer.subarray(0, readSync(file, buffer, 0, READS, start)).toString();
    } finally {
      closeSync(file);
    }
  } catch {
    return '';
  }
}
