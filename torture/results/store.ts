import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Row } from '../exhaustive/rows.ts';
import type { RunResult } from './result.ts';

/** What became of one planted bug. */
export interface PlantedResult {
  readonly name: string;
  readonly what: string;
  /** Absent: not found in so many runs. */
  readonly after?: number;
  readonly runs: number;
  readonly by: string;
  /** Seed of the runs that found it. */
  readonly group?: string;
}

/** A line of a file of results. */
type Line =
  { readonly run: RunResult } | { readonly planted: PlantedResult } | { readonly rows: readonly Row[] };

export interface Results {
  readonly runs: readonly RunResult[];
  readonly planted: readonly PlantedResult[];
  /** Of the exhaustive table, as it was enumerated last. */
  readonly rows: readonly Row[];
}

export function append(file: string, lines: readonly Line[]): void {
  mkdirSync(dirname(file), { recursive: true });
  appendFileSync(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
}

export function read(file: string): Results {
  const lines = existsSync(file)
    ? readFileSync(file, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Line)
    : [];
  return {
    runs: lines.flatMap((line) => ('run' in line ? [line.run] : [])),
    planted: lines.flatMap((line) => ('planted' in line ? [line.planted] : [])),
    rows: lines.findLast((line) => 'rows' in line)?.rows ?? [],
  };
}
