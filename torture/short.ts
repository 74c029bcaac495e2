import { buildProduct } from './build/build.ts';
import type { Build } from './build/build.ts';
import { cannotBe, cellsOf } from './exhaustive/cells.ts';
import { enumerateRows } from './exhaustive/reference.ts';
import { runCells } from './exhaustive/run-cells.ts';
import { lookFor } from './planted/campaign.ts';
import { BUGS } from './planted/bugs.ts';
import { planGroup } from './random/plan.ts';
import { runGroup } from './random/run-group.ts';
import type { RunResult } from './results/result.ts';

const SEED = 'short';
const RANDOM_RUNS = 8;
/** One of so many, spread over the table. */
const ONE_CELL_OF = 70;
const ONE_KILLED_OF = 2;
/** Found by any run that is reverted, and by any that is upgraded. */
const PLANTED = ['route-left', 'env-on-first-container'];
const PLANTED_AT_ONCE = 4;
const PLANTED_RUNS = 40;

/** A little of everything, the same each time: some minutes. Returns how many things were not as they must be. */
export async function runShort(out: (line: string) => void): Promise<number> {
  const build = await buildProduct();
  try {
    const [random, cells] = await Promise.all([
      runGroup(build, planGroup(SEED, { worlds: RANDOM_RUNS })),
      someCells(build),
    ]);
    const bad = [...random, ...cells].filter(({ violations }) => violations.length > 0);
    out(`${random.length} random runs and ${cells.length} cells, ${bad.length} not as they must be`);
    for (const { seed, violations, story } of bad) {
      out(`\n${seed} is not as it must be:`);
      for (const { oracle, what } of violations) out(`  ✗ ${oracle}: ${what}`);
      out(story ?? '');
    }
    return bad.length + (await plantedNotFound(out));
  } finally {
    build.remove();
  }
}

async function someCells(build: Build): Promise<RunResult[]> {
  const cells = cellsOf(await enumerateRows(build)).filter((cell) => cannotBe(cell) === undefined);
  // What is cut or silent is waited for: a minute, or more.
  const requests = cells.filter(({ action }) => /^(4\d\d|500)$/.test(action));
  const some = requests.filter((_, place) => place % ONE_CELL_OF === 0);
  const killed = cells.filter(
    ({ row, moment, action }) =>
      row.phase === 'there' && moment === 'answer lost' && action === 'kill worker',
  );
  const played = await Promise.all([
    runCells(
      build,
      some.map((cell) => [cell]),
    ),
    runCells(
      build,
      killed.filter((_, place) => place % ONE_KILLED_OF === 0).map((cell) => [cell]),
    ),
  ]);
  return played.flat();
}

async function plantedNotFound(out: (line: string) => void): Promise<number> {
  const bugs = BUGS.filter(({ name }) => PLANTED.includes(name));
  let missed = 0;
  for (const bug of bugs) {
    const { after } = await lookFor(bug, { seed: SEED, runs: PLANTED_RUNS, worlds: PLANTED_AT_ONCE });
    if (after === undefined) missed += 1;
    out(`planted ${bug.name}: ${after === undefined ? 'not found' : `found after ${after} runs`}`);
  }
  return missed;
}
