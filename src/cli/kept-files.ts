import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Io } from './io.ts';

/** Of one run, as a file beside the state. */
export interface KeptFile {
  readonly folder: string;
  readonly startedAt: string;
  readonly runId: string;
  readonly content: unknown;
}

/** Keeps it for this user only, and once: what is kept stays as it is. A file that cannot be written is a warning. */
export function keepFile({ err }: Pick<Io, 'err'>, { folder, startedAt, runId, content }: KeptFile): void {
  const file = join(folder, `${startedAt.replaceAll(':', '')}-${runId}.json`);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (readdirSync(folder).some((name) => name.endsWith(`-${runId}.json`))) return;
    const written = `${file}.${process.pid}`;
    writeFileSync(written, `${JSON.stringify(content, undefined, 2)}\n`, { mode: 0o600 });
    renameSync(written, file);
  } catch (error) {
    const { code = 'no reason given' } = error as NodeJS.ErrnoException;
    err(`warning: the report cannot be kept as ${file}: ${code}; Temporal keeps it for its retention only`);
  }
}

/** A name as that of a folder: on no system is anything of it a path. */
export const folderName = (name: string): string => encodeURIComponent(name).replaceAll('.', '%2E');

/** What is in a folder; nothing where there is none. */
export function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** What is kept in a folder; what is no JSON is passed over. */
export const keptIn = (folder: string): unknown[] =>
  namesIn(folder)
    .filter((name) => name.endsWith('.json'))
    .flatMap((name) => {
      try {
        return [JSON.parse(readFileSync(join(folder, name), 'utf8')) as unknown];
      } catch {
        return [];
      }
    });
