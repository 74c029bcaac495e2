import type { Build } from '../build/build.ts';
import type { Options } from '../options.ts';
import type { RunResult } from '../results/result.ts';
import { append } from '../results/store.ts';
import { planGroup } from './plan.ts';
import { runGroup } from './run-group.ts';

/** Runs so many random runs, some groups of them side by side; returns how many were not as they must be. */
export async function runRandom(
  build: Build,
  { seed, runs, only, worlds, atOnce, budgetMs, results: file }: Options,
  out: (line: string) => void,
): Promise<number> {
  const startedAt = Date.now();
  const groups = Math.ceil(runs / worlds);
  let next = 0;
  let done = 0;
  let failed = 0;
  const one = async (): Promise<void> => {
    while (next < groups && Date.now() - startedAt < budgetMs) {
      const number = next++;
      const count = Math.min(worlds, runs - number * worlds);
      const own = groups === 1 ? seed : `${seed}.${number}`;
      const began = Date.now();
      const results = await runGroup(build, planGroup(own, { worlds: count, only }));
      append(
        file,
        results.map((run) => ({ run })),
      );
      done += results.length;
      const bad = results.filter(({ violations }) => violations.length > 0);
      failed += bad.length;
      const minutes = (Date.now() - startedAt) / 60_000;
      out(
        `${own}: ${results.length} runs in ${((Date.now() - began) / 1_000).toFixed(0)} s, ${bad.length} not as they must be; ` +
          `${done} runs so far, ${(done / minutes).toFixed(1)} a minute`,
      );
      for (const result of bad) tell(result, { seed: own, count, only }, out);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, one));
  out(`${done} runs, ${failed} not as they must be; results are in ${file}`);
  return failed;
}

function tell(
  { seed, violations, story }: RunResult,
  replay: { readonly seed: string; readonly count: number; readonly only: string | undefined },
  out: (line: string) => void,
): void {
  out(`\n${seed} is not as it must be:`);
  for (const { oracle, what } of violations) out(`  ✗ ${oracle}: ${what}`);
  out(story ?? '');
  const only = replay.only === undefined ? '' : ` --only ${replay.only}`;
  out(
    `again: npm run torture -- --seed ${replay.seed} --runs ${replay.count} --worlds ${replay.count}${only}\n`,
  );
}
