/**
 * Fleets on real parts: a Temporal dev server, 20 simulated clusters, two worker processes; one tenant in fifty goes wrong,
 * and in fleets of 1,000 and more a worker is killed and replaced. Each size has parts of its own; costs are compared with
 * the first size of the same run. `npm run bench -- 100 1000 5000`; ends with 1 where something was not as it must be.
 */
import Table from 'cli-table3';
import { renderDuration } from '../src/cli/render/duration.ts';
import type { FleetFigures } from './fleet-run.ts';
import { runFleet } from './fleet-run.ts';

const SIZES = [100, 1_000, 5_000];
const KILLED_FROM = 1_000;
/** What a tenant of a large fleet may cost at most, compared with one of a small fleet. */
const FLAT = 1.2;

const sizes = process.argv.length > 2 ? process.argv.slice(2).map(Number) : SIZES;
if (sizes.some((size) => !Number.isInteger(size) || size < 1)) {
  process.stderr.write('usage: npm run bench -- [tenants…]\n');
  process.exit(64);
}

const runs: FleetFigures[] = [];
for (const tenants of sizes) {
  const kill = tenants >= KILLED_FROM;
  runs.push(await runFleet({ tenants, kill, say: (line) => process.stderr.write(`${line}\n`) }));
}
const [first] = runs;
if (!first) throw new Error('nothing was measured');

const ms = (value: number): string => `${value.toFixed(0)} ms`;
const per = (key: 'wallMs' | 'workersMs' | 'temporalMs' | 'simulatorMs' | 'fleetEvents') => {
  return (run: FleetFigures): number => run[key] / run.tenants;
};
/** Each with whether a tenant of a large fleet may not cost more of it. */
const COSTS: readonly (readonly [
  string,
  (run: FleetFigures) => number,
  (value: number) => string,
  boolean,
])[] = [
  ['wall time', per('wallMs'), ms, true],
  ['CPU of the workers', per('workersMs'), ms, true],
  ['CPU of Temporal', per('temporalMs'), ms, true],
  ['CPU of the simulator (not the product’s)', per('simulatorMs'), ms, false],
  ['requests to its cluster', ({ requests }) => requests, (value) => value.toFixed(1), true],
  ['activities', ({ activities }) => activities, (value) => value.toFixed(1), true],
  ['events of its own history', ({ tenantEvents }) => tenantEvents, (value) => value.toFixed(1), true],
  ['events of the fleet’s history', per('fleetEvents'), (value) => value.toFixed(1), true],
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
  ['runs of the fleet; longest', ({ runs: count, longestRun }) => `${count}; ${longestRun} events`],
  ['workers killed', ({ workersKilled }) => String(workersKilled)],
  ['not as it must be', ({ problems }) => String(problems.length)],
];

const tooMuch: string[] = [];
const table = new Table({
  head: ['a tenant’s share of', ...runs.map(({ tenants }) => `${tenants} tenants`)],
  style: { head: [], border: [] },
});
for (const [name, costOf, show, mustBeFlat] of COSTS) {
  const base = costOf(first);
  table.push([
    name,
    ...runs.map((run) => {
      const ratio = costOf(run) / base;
      if (mustBeFlat && ratio > FLAT) tooMuch.push(`${name} at ${run.tenants}: ${ratio.toFixed(2)}`);
      return run === first ? show(base) : `${show(costOf(run))} (×${ratio.toFixed(2)})`;
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
