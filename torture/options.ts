import { parseArgs } from 'node:util';
import { ALL_KINDS } from './faults/kinds.ts';
import type { Kind } from './faults/kinds.ts';

/** What was asked for on the command line. */
export interface Options {
  readonly seed: string;
  readonly runs: number;
  readonly only: Kind | undefined;
  readonly exhaustive: boolean;
  /** Only cells whose name matches. */
  readonly cells: RegExp | undefined;
  readonly planted: boolean;
  readonly short: boolean;
  readonly budgetMs: number;
  readonly worlds: number;
  readonly atOnce: number;
  readonly results: string;
  readonly summary: string | undefined;
  readonly into: string | undefined;
  readonly help: boolean;
}

export const USAGE = `usage: npm run torture -- [options]
  --seed S             which story (default: a new one; as printed with a failing run, it is played again)
  --runs N             how many random runs (default 32)
  --only KIND          one kind of fault only: ${ALL_KINDS.join(', ')}
  --exhaustive         every step, moment, fault and phase that the results do not have yet
  --cells PATTERN      only cells whose name matches, as in 'abort: undo tag-amp-zync: before: 409'
  --planted            every planted bug (--cells: those whose name matches), until --runs have not found it
  --short              a little of all three, the same each time: part of .ci/run
  --budget-seconds S   begin nothing new after so long
  --worlds N           runs that share a Temporal and its workers (default 16)
  --at-once N          groups of them side by side (default 2)
  --results FILE       where results are appended (default torture-results.jsonl)
  --summary FILE       only print the tables of such a file
  --into DOCUMENT      write them where the document marks them, as in docs/proof.md`;

export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seed: { type: 'string' },
      runs: { type: 'string', default: '32' },
      only: { type: 'string' },
      exhaustive: { type: 'boolean', default: false },
      cells: { type: 'string' },
      planted: { type: 'boolean', default: false },
      short: { type: 'boolean', default: false },
      'budget-seconds': { type: 'string' },
      worlds: { type: 'string', default: '16' },
      'at-once': { type: 'string', default: '2' },
      results: { type: 'string', default: 'torture-results.jsonl' },
      summary: { type: 'string' },
      into: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  return {
    seed: values.seed ?? Date.now().toString(36),
    runs: whole('--runs', values.runs),
    only: values.only === undefined ? undefined : kind(values.only),
    exhaustive: values.exhaustive,
    cells: values.cells === undefined ? undefined : new RegExp(values.cells),
    planted: values.planted,
    short: values.short,
    budgetMs:
      values['budget-seconds'] === undefined
        ? Infinity
        : 1_000 * whole('--budget-seconds', values['budget-seconds']),
    worlds: whole('--worlds', values.worlds),
    atOnce: whole('--at-once', values['at-once']),
    results: values.results,
    summary: values.summary,
    into: values.into,
    help: values.help,
  };
}

function whole(flag: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new Error(`${flag} ${text} is no number of something`);
}

function kind(text: string): Kind {
  const found = ALL_KINDS.find((known) => known === text);
  if (found) return found;
  throw new Error(`--only ${text}: there is no such kind; there are ${ALL_KINDS.join(', ')}`);
}
