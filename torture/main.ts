/**
 * The campaign: real Temporal, real workers, simulated clusters, and everything that can go wrong. `npm run torture`;
 * docs/proof.md says what it shows. Ends with 1 where something was not as it must be.
 */
import { buildProduct } from './build/build.ts';
import { runExhaustive } from './exhaustive/run-exhaustive.ts';
import { runPlanted } from './planted/campaign.ts';
import { printSummary } from './results/print-summary.ts';
import { readOptions, USAGE } from './options.ts';
import type { Options } from './options.ts';
import { runShort } from './short.ts';
import { runRandom } from './random/run-random.ts';

const out = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(options: Options): Promise<number> {
  if (options.help) {
    out(USAGE);
    return 0;
  }
  if (options.summary !== undefined) return printSummary(options.summary, options.into, out);
  if (options.short) return runShort(out);
  if (options.planted) return runPlanted(options, out);
  const build = await buildProduct();
  try {
    if (options.exhaustive) return await runExhaustive(build, options, out);
    return await runRandom(build, options, out);
  } finally {
    build.remove();
  }
}

let options: Options | undefined;
try {
  options = readOptions(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${USAGE}\n`);
  process.exit(64);
}
process.exit((await main(options)) > 0 ? 1 : 0);
