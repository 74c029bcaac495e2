import type { Build } from '../build/build.ts';
import { buildProduct, checkFits } from '../build/build.ts';
import type { Options } from '../options.ts';
import { planGroup } from '../random/plan.ts';
import { runGroup } from '../random/run-group.ts';
import { BUGS } from './bugs.ts';
import type { PlantedBug } from './bug.ts';

export interface Found {
  readonly bug: PlantedBug;
  /** Undefined: not in so many runs. */
  readonly after: number | undefined;
  readonly by: string;
}

/**
 * Plants one bug after another in a copy of the sources and lets the same campaign run until it has found it, or until so
 * many runs have not. Returns how many were not found.
 */
export async function runPlanted(options: Options, out: (line: string) => void): Promise<number> {
  const startedAt = Date.now();
  // Every bug must fit the sources of today, before the first is looked for.
  checkFits(BUGS.flatMap(({ mutations }) => mutations));
  const found: Found[] = [];
  const queue = BUGS.filter(({ name }) => options.cells?.test(name) ?? true);
  const one = async (): Promise<void> => {
    for (let bug = queue.shift(); bug && Date.now() - startedAt < options.budgetMs; bug = queue.shift()) {
      const result = await lookFor(bug, options);
      found.push(result);
      out(
        `${bug.name}: ${result.after === undefined ? `not found in ${options.runs} runs` : `found after ${result.after} runs: ${result.by}`}`,
      );
    }
  };
  await Promise.all(Array.from({ length: options.atOnce }, one));
  out(renderFound(found));
  return found.filter(({ after }) => after === undefined).length;
}

async function lookFor(bug: PlantedBug, { runs, worlds, seed }: Options): Promise<Found> {
  const build: Build = await buildProduct(bug.mutations);
  try {
    for (let done = 0; done < runs; done += worlds) {
      const results = await runGroup(build, planGroup(`${seed}.${bug.name}.${done}`, { worlds }));
      const first = results.findIndex(({ violations }) => violations.length > 0);
      const violation = results[first]?.violations[0];
      if (violation) return { bug, after: done + first + 1, by: `${violation.oracle}: ${violation.what}` };
    }
    return { bug, after: undefined, by: '' };
  } finally {
    build.remove();
  }
}

function renderFound(found: readonly Found[]): string {
  return [
    '| planted bug | what it does | found after runs | by |',
    '| --- | --- | --- | --- |',
    ...found.map(
      ({ bug, after, by }) => `| ${bug.name} | ${bug.what} | ${after ?? 'not found'} | ${by.slice(0, 140)} |`,
    ),
  ].join('\n');
}
