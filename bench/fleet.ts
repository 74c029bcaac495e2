/**
 * Fleets on real parts: a Temporal dev server, 20 simulated clusters, two worker processes; one tenant in fifty goes wrong,
 * and in fleets of 1,000 and more a worker is killed and replaced. Each size has parts of its own; costs are compared with
 * the first size of the same run, CPU evened out by a yardstick (wall time is the machine's, and is shown only).
 * `npm run bench:fleet -- 100 1000 5000`; ends with 1 where something was not as it must be, or a large fleet costs more.
 */
import Table from 'cli-table3';
import { renderDuration } from '../src/cli/render/duration.ts';
import type { FleetFigures } from './fleet-run.ts';
import { runFleet } from './fleet-run.ts';
import { startYardstick } from './yardstick.ts';

const SIZES = [100, 1_000, 5_000];
const KILLED_FROM = 1_000;
/** What a tenant of a large fleet may cost at most, compared with one of a small fleet. */
const FLAT = 1.2;

const sizes = process.argv.length > 2 ? process.argv.slice(2).map(Number) : SIZES;
if (sizes.some((size) => !Number.isInteger(size) || size < 1)) {
  process.stderr.write('usage: npm run bench:fleet -- [tenants…]\n');
  process.exit(64);
}

const yardstick = await startYardstick();
const runs: FleetFigures[] = [];
for (const tenants of sizes) {
  const kill = tenants >= KILLED_FROM;
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  runs.push(await runFleet({ tenants, kill, yardstick, say }));
}
yardstick.stop();
const [first] = runs;
if (!first) throw new Error('nothing was measured');
const { yardstickMs } = first;

interface Cost {
  readonly name: string;
  readonly of: (run: FleetFigures) => number;
  readonly show: (value: number) => string;
  /** Whether a tenant of a large fleet may not cost more of it. */
  readonly isFlat: boolean;
}

const ms = (value: number): string => `${value.toFixed(0)} ms`;
const one = (value: number): string => value.toFixed(1);
const share =
  (key: 'wallMs' | 'workersMs' | 'temporalMs' | 'simulatorMs' | 'fleetEvents') =>
  (run: FleetFigures): number =>
    run[key] / run.tenants;
/** As if the machine had been as quick as in the first run. */
const evened =
  (key: 'workersMs' | 'temporalMs' | 'simulatorMs') =>
  (run: FleetFigures): number =>
    (share(key)(run) * yardstickMs) / run.yardstickMs;
const COSTS: readonly Cost[] = [
  { name: 'wall time', of: share('wallMs'), show: ms, isFlat: false },
  { name: 'CPU of the workers', of: share('workersMs'), show: ms, isFlat: false },
  { name: 'CPU of Temporal', of: share('temporalMs'), show: ms, isFlat: false },
  { name: 'CPU of the yardstick’s work', of: (run) => run.yardstickMs, show: one, isFlat: false },
  { name: 'CPU of the workers, evened', of: evened('workersMs'), show: ms, isFlat: true },
  { name: 'CPU of Temporal, evened', of: evened('temporalMs'), show: ms, isFlat: true },
  { name: 'CPU of the simulator, evened', of: evened('simulatorMs'), show: ms, isFlat: false },
  { name: 'requests to its cluster', of: (run) => run.requests, show: one, isFlat: true },
  { name: 'activities', of: (run) => run.activities, show: one, isFlat: true },
  { name: 'events of its own history', of: (run) => run.tenantEvents, show: one, isFlat: true },
  { name: 'events of the fleet’s history', of: share('fleetEvents'), show: one, isFlat: true },
];
const FACTS: readonly (readonly [string, (run: FleetFigures) => string])[] = [
  ['wall time', ({ wallMs }) => renderDuration(wallMs)],
  [
    'activities a second',
    ({ activities, tenants, wallMs }) => ((activities * tenants * 1_000) / wallMs).toFixed(0),
  ],
  ['CPUs that Temporal used', ({ temporalMs, wallMs }) => (temporalMs / wallMs).toFixed(2)],
  ['CPUs that the workers used', ({ workersMs, wallMs }) => (workersMs / wallMs).toFixed(2)],
  ['memory of a worker, at most', ({ peakMb }) => `${peakMb.toFixed(0)} MB`],
  ['fleet’s answer to a progress query', ({ answerMs }) => ms(answerMs)],
  ['runs of the fleet; longest', (run) => `${run.runs}; ${run.longestRun} events`],
  ['workers killed', ({ workersKilled }) => String(workersKilled)],
  ['not as it must be', ({ problems }) => String(problems.length)],
];

const tooMuch: string[] = [];
const table = new Table({
  head: ['a tenant’s share of', ...runs.map(({ tenants }) => `${tenants} tenants`)],
  style: { head: [], border: [] },
});
for (const { name, of, show, isFlat } of COSTS) {
  const base = of(first);
  table.push([
    name,
    ...runs.map((run) => {
      const ratio = of(run) / base;
      if (isFlat && ratio > FLAT) tooMuch.push(`${name} at ${run.tenants}: ${ratio.toFixed(2)}`);
      return run === first ? show(base) : `${show(of(run))} (×${ratio.toFixed(2)})`;
    }),
  ]);
}
const facts = new Table({
  head: ['the fleet', ...runs.map(({ tenants }) => `${tenants} tenants`)],
  style: { head: [], border: [] },
});
for (const [name, show] of FACTS) facts.push([name, ...runs.map(show)]);
process.stdout.write(`${table.toString()}\n${facts.toString()}\n`);
const problems = runs.flatMap((run) => run.problems.map((problem) => `${run.tenants} tenants: ${problem}`));
for (const problem of problems.slice(0, 20)) process.stdout.write(`! ${problem}\n`);
for (const cost of tooMuch) process.stdout.write(`! more than ${FLAT} times the cost: ${cost}\n`);
process.exitCode = problems.length + tooMuch.length > 0 ? 1 : 0;
