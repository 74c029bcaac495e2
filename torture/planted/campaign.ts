import type { Build } from '../build/build.ts';
import { buildProduct, checkFits } from '../build/build.ts';
import type { Options } from '../options.ts';
import { planGroup } from '../random/plan.ts';
import { runGroup } from '../random/run-group.ts';
import { renderPlanted } from '../results/planted-table.ts';
import type { PlantedResult } from '../results/store.ts';
import { append } from '../results/store.ts';
import { BUGS } from './bugs.ts';
import type { PlantedBug } from './bug.ts';

/**
 * Plants one bug after another in a copy of the sources and lets the same campaign run until it has found it, or until so
 * many runs have not. Returns how many were not found.
 */
export async function runPlanted(options: Options, out: (line: string) => void): Promise<number> {
  const startedAt = Date.now();
  // Every bug must fit the sources of today, before the first is looked for.
  checkFits(BUGS.flatMap(({ mutations }) => mutations));
  const found: PlantedResult[] = [];
  const queue = BUGS.filter(({ name }) => options.cells?.test(name) ?? true);
  const one = async (): Promise<void> => {
    for (let bug = queue.shift(); bug && Date.now() - startedAt < options.budgetMs; bug = queue.shift()) {
      const result = await lookFor(bug, options);
      found.push(result);
      append(options.results, [{ planted: result }]);
      out(
        result.after === undefined
          ? `${bug.name}: not found in ${options.runs} runs`
          : `${bug.name}: found after ${result.after} runs: ${result.by}\n  the same runs without it: npm run torture -- --seed ${result.group ?? ''} --runs ${options.worlds} --worlds ${options.worlds}`,
      );
    }
  };
  await Promise.all(Array.from({ length: options.atOnce }, one));
  out(renderPlanted(found));
  return found.filter(({ after }) => after === undefined).length;
}

/** Lets the campaign run on sources with this bug in them, until it has found it, or so many runs have not. */
export async function lookFor(
  bug: PlantedBug,
  { runs, worlds, seed }: Pick<Options, 'runs' | 'worlds' | 'seed'>,
): Promise<PlantedResult> {
  const { name, what } = bug;
  const about = { name, what };
  const build: Build = await buildProduct(bug.mutations);
  try {
    for (let done = 0; done < runs; done += worlds) {
      const group = `${seed}.${bug.name}.${done}`;
      const results = await runGroup(build, planGroup(group, { worlds }));
      const first = results.findIndex(({ violations }) => violations.length > 0);
      const violation = results[first]?.violations[0];
      if (violation)
        return {
          ...about,
          after: done + first + 1,
          runs,
          by: `${violation.oracle}: ${violation.what}`,
          group,
        };
    }
    return { ...about, runs, by: '' };
  } finally {
    build.remove();
  }
}
