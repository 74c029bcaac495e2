import type { Build } from '../build/build.ts';
import type { Options } from '../options.ts';
import type { RunResult } from '../results/result.ts';
import { append, read } from '../results/store.ts';
import { cannotBe, cellsOf, isProcessAction } from './cells.ts';
import type { Cell } from './cells.ts';
import { enumerateRows } from './reference.ts';
import { cellName, runCells } from './run-cells.ts';

const UPGRADES_AT_ONCE = 40;
/** Fewer where all wait for one another: neighbours in the table come to their points at about the same time. */
const GATHERED_AT_ONCE = 20;
/** Faults of requests that one upgrade bears, at steps far from one another. */
const CELLS_OF_AN_UPGRADE = 4;
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
  const batches = batchesOf(wanted).map((upgrades) => ({ upgrades, tries: 0 }));
  let failed = 0;
  const one = async (): Promise<void> => {
    for (let batch = batches.shift(); batch; batch = batches.shift()) {
      if (Date.now() - startedAt > budgetMs) return;
      const began = Date.now();
      const results = await runCells(build, batch.upgrades);
      const cells = batch.upgrades.flat();
      const made = results.filter(({ cell }) => cell?.made);
      // What went wrong counts also where the cell was not met.
      const bad = results.filter(({ violations }) => violations.length > 0);
      append(
        file,
        results.filter((run) => made.includes(run) || bad.includes(run)).map((run) => ({ run })),
      );
      failed += bad.length;
      const [name = ''] = cells.map(cellName);
      out(
        `${made.length} of ${cells.length} cells in ${((Date.now() - began) / 1_000).toFixed(0)} s, ` +
          `${bad.length} not as they must be (${name} …)`,
      );
      for (const result of bad) tell(result, out);
      const missed = cells.filter((_, place) => !results[place]?.cell?.made);
      if (missed.length > 0 && batch.tries < TRIES)
        batches.push({ upgrades: missed.map((cell) => [cell]), tries: batch.tries + 1 });
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

/**
 * What is done to processes hits all of a batch: those of one phase, moment and action together, one for each upgrade. Of
 * requests an upgrade bears several.
 */
function batchesOf(cells: readonly Cell[]): Cell[][][] {
  const alike = Map.groupBy(cells, ({ row, moment, action }) => [row.phase, moment, action].join());
  const processes: Cell[][][] = [];
  const requests: Cell[][] = [];
  for (const group of alike.values()) {
    if (group[0] && isProcessAction(group[0].action))
      processes.push(
        ...chunks(
          group.map((cell) => [cell]),
          GATHERED_AT_ONCE,
        ),
      );
    else requests.push(...farApart(group));
  }
  // Silence takes half a minute each: by themselves, so that the others need not wait.
  const slow = requests.filter(([first]) => first?.action === 'silence');
  const quick = requests.filter(([first]) => first?.action !== 'silence');
  return [...processes, ...chunks(quick, UPGRADES_AT_ONCE), ...chunks(slow, UPGRADES_AT_ONCE)];
}

function farApart(cells: readonly Cell[]): Cell[][] {
  // Each of a right that was taken away wants a person's word: more of them, and nobody is so patient.
  const most = /^40[13]$/.test(cells[0]?.action ?? '') ? 1 : CELLS_OF_AN_UPGRADE;
  const upgrades = Math.ceil(cells.length / most);
  return Array.from({ length: upgrades }, (_, first) =>
    cells.filter((__, place) => place % upgrades === first),
  );
}

/** Of about the same size, and no larger than that. */
function chunks(upgrades: readonly Cell[][], atMost: number): Cell[][][] {
  const number = Math.ceil(upgrades.length / atMost);
  const size = Math.ceil(upgrades.length / number);
  return Array.from({ length: number }, (_, place) => upgrades.slice(place * size, (place + 1) * size));
}
