import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** Of a server's last words so much is read. */
const READS = 16_384;

const REASONS: readonly (readonly [RegExp, string])[] = [
  [/no space left on device|database or disk is full|ENOSPC/i, 'the disk is full'],
  [/address already in use|EADDRINUSE/i, 'a port that it needs is taken by something else'],
  [/permission denied|readonly database|EACCES/i, 'it may not write its files'],
  [/not a database|database disk image is malformed/i, 'its database is damaged'],
];

/** Why a server has ended, by what it has written to its log since `from`; its last line where nothing is known of that. */
export function whyNotStarted(log: string, from: number): string | undefined {
  const said = readFrom(log, from);
  const known = REASONS.find(([pattern]) => pattern.test(said));
  if (known) return known[1];
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
