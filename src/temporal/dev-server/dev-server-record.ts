import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stateFolder } from './folders.ts';

/** What every command knows of the embedded server: where it listens, or listened last. */
export interface Recorded {
  /** 0: it was ended on purpose. */
  readonly pid: number;
  readonly port: number;
  /** Of its UI, where it was started with one. */
  readonly uiPort?: number | undefined;
}

/** Path of a file of the embedded server. */
export const stateFile = (name: string): string => join(stateFolder(), name);

/** Whole or not at all: workers look at it at any time. */
export function record(recorded: Recorded): void {
  const next = stateFile(`server.json.${process.pid}`);
  try {
    writeFileSync(next, JSON.stringify(recorded), { mode: 0o600 });
    renameSync(next, stateFile('server.json'));
  } catch (error) {
    rmSync(next, { force: true });
    throw error;
  }
}

/** Undefined where none was ever started. */
export function readRecorded(): Recorded | undefined {
  try {
    const { pid, port, uiPort } = JSON.parse(readFileSync(stateFile('server.json'), 'utf8')) as Recorded;
    return Number.isInteger(pid) && Number.isInteger(port) ? { pid, port, uiPort } : undefined;
  } catch {
    return undefined;
  }
}

/** It runs, and is a server of ours: its number may have gone to another process since. */
export function isOurServer({ pid, port }: Recorded): boolean {
  if (!isAlive(pid)) return false;
  try {
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    return words.includes('start-dev') && words.includes(String(port));
  } catch {
    // Systems without /proc: that it runs must do.
    return process.platform !== 'linux';
  }
}

export function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
