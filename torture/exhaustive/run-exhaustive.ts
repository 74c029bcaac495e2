import type { Build } from '../build/build.ts';
import type { Options } from '../options.ts';
import type { RunResult } from '../results/result.ts';
import { append, read } from '../results/store.ts';
import { cannotBe, cellsOf, isProcessAction } from './cells.ts';
import type { Cell } from './cells.ts';
import { enumerateRows } from './reference.ts';
import { cellName, runCells } from './run-cells.ts';

const API_CELLS_AT_ONCE = 60;
/** A cell whose request did not come is played again, so often. */
const TRIES = 4;

/** Plays every cell that the file of results does not have yet; returns how many were not as they must be. */
export async function runExhaustive(
  build: Build,
  { results: file, budgetMs, atOnce, cells: pattern }: Options,
  out: (line: string) => void,
): Promise<number> {
  const startedAt = Date.now();
  const rows = await enumerateRows(build);
  append(file, [{ rows }]);
  const all = cellsOf(rows);
  const there = new Set(read(file).runs.flatMap(({ cell, seed }) => (cell?.made ? [seed] : [])));
  const open = all.filter((cell) => cannotBe(cell) === undefined);
  const wanted = open.filter((cell) => !there.has(cellName(cell)) && (pattern?.test(cellName(cell)) ?? true));
  out(
    `${rows.length} rows, ${all.length} cells; ${all.length - open.length} cannot be; ` +
      `${open.length - wanted.length} are done or not asked for; ${wanted.length} to play`,
  );
  const batches = batchesOf(wanted).map((cells) => ({ cells, tries: 0 }));
  let failed = 0;
  const one = async (): Promise<void> => {
    for (let batch = batches.shift(); batch; batch = batches.shift()) {
      if (Date.now() - startedAt > budgetMs) return;
      const began = Date.now();
      const results = await runCells(build, batch.cells);
      const made = results.filter(({ cell }) => cell?.made);
      append(
        file,
        made.map((run) => ({ run })),
      );
      const bad = made.filter(({ violations }) => violations.length > 0);
      failed += bad.length;
      const [name = ''] = batch.cells.map(cellName);
      out(
        `${made.length} of ${batch.cells.length} cells in ${((Date.now() - began) / 1_000).toFixed(0)} s, ` +
          `${bad.length} not as they must be (${name} …)`,
      );
      for (const result of bad) tell(result, out);
      const missed = batch.cells.filter((_, place) => !results[place]?.cell?.made);
      if (missed.length > 0 && batch.tries < TRIES) batches.push({ cells: missed, tries: batch.tries + 1 });
      else failed += missed.length;
      if (batch.tries >= TRIES) for (const cell of missed) out(`never reached: ${cellName(cell)}`);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, one));
  return failed;
}

function tell({ seed, violations, story }: RunResult, out: (line: string) => void): void {
  out(`\n${seed} is not as it must be:`);
  for (const { oracle, what } of violations) out(`  ✗ ${oracle}: ${what}`);
  out(story ?? '');
  out(`again: npm run torture -- --exhaustive --cells '^${seed}$' --results /tmp/again.jsonl\n`);
}

/** What is done to processes hits all of a batch: those of one phase, moment and action together. */
function batchesOf(cells: readonly Cell[]): Cell[][] {
  const processes = new Map<string, Cell[]>();
  const requests: Cell[] = [];
  for (const cell of cells) {
    if (!isProcessAction(cell.action)) requests.push(cell);
    else {
      const key = [cell.row.phase, cell.moment, cell.action].join();
      processes.set(key, [...(processes.get(key) ?? []), cell]);
    }
  }
  // Silence takes half a minute each: by themselves, so that the others need not wait.
  const slow = requests.filter(({ action }) => action === 'silence');
  const quick = requests.filter(({ action }) => action !== 'silence');
  return [...processes.values(), ...chunks(quick), ...chunks(slow)];
}

function chunks(cells: readonly Cell[]): Cell[][] {
  return Array.from({ length: Math.ceil(cells.length / API_CELLS_AT_ONCE) }, (_, place) =>
    cells.slice(place * API_CELLS_AT_ONCE, (place + 1) * API_CELLS_AT_ONCE),
  );
}
