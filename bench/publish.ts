/**
 * Measures the four ways side by side, and writes docs/benchmarks.json, .md and .svg, after each measurement, so that it can be
 * interrupted: what is measured already is not measured again. `npm run bench:publish -- [--sizes 1,20,200] [--kills 1,20]
 * [--ansible-to 20] [--again] [--render]`; --again: all anew; --render: nothing is measured.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem, type } from 'node:os';
import { parseArgs } from 'node:util';
import { renderChart } from './published/chart.ts';
import { renderDocument } from './published/document.ts';
import type { Machine, Published } from './published/figures.ts';
import { runKilled } from './side-by-side/killed.ts';
import { TIMING, runWay } from './side-by-side/run.ts';
import type { Way } from './side-by-side/ways.ts';
import { waysOf } from './side-by-side/ways.ts';

const { values } = parseArgs({
  options: {
    sizes: { type: 'string', default: '1,20,200' },
    kills: { type: 'string', default: '1,20' },
    'ansible-to': { type: 'string', default: '20' },
    again: { type: 'boolean', default: false },
    render: { type: 'boolean', default: false },
  },
});
const numbers = (text: string): number[] => text.split(',').filter(Boolean).map(Number);
const isWanted = ({ name }: Way, tenants: number): boolean =>
  name !== 'ansible' || tenants <= Number(values['ansible-to']);

const docs = (name: string): URL => new URL(`../docs/benchmarks.${name}`, import.meta.url);
const say = (line: string): void => void process.stderr.write(`${line}\n`);
const now = (): { readonly on: string; readonly load: number } => ({
  on: new Date().toISOString().slice(0, 10),
  load: loadavg()[0] ?? NaN,
});

function machine(ways: readonly Way[]): Machine {
  const [first] = cpus();
  return {
    processor: first?.model ?? 'unknown',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 1_024 ** 3),
    system: `${type()} ${release()}`,
    node: process.versions.node,
    missing: ways.flatMap(({ why }) => why ?? []),
  };
}

function write(published: Published): void {
  writeFileSync(docs('json'), `${JSON.stringify(published, undefined, 2)}\n`);
  writeFileSync(docs('md'), renderDocument(published));
  writeFileSync(docs('svg'), renderChart(published));
}

function known(): Published | undefined {
  try {
    return JSON.parse(readFileSync(docs('json'), 'utf8')) as Published;
  } catch {
    return undefined;
  }
}

async function measure(): Promise<void> {
  // What is measured is what is packed.
  execFileSync('npm', ['run', '--silent', 'build'], { stdio: 'inherit' });
  const ways = waysOf(say);
  const before = values.again ? undefined : known();
  let published: Published = {
    machine: machine(ways),
    timing: TIMING,
    runs: before?.runs ?? [],
    kills: before?.kills ?? [],
  };
  const there = ways.filter(({ why }) => why === undefined);
  for (const tenants of numbers(values.sizes)) {
    for (const way of there.filter((one) => isWanted(one, tenants))) {
      if (published.runs.some((run) => run.way === way.name && run.tenants === tenants)) continue;
      say(`${way.name}: ${tenants} tenants`);
      const run = { way: way.name, tenants, ...now(), ...(await runWay(way, tenants)) };
      published = { ...published, runs: [...published.runs, run] };
      write(published);
    }
  }
  for (const tenants of numbers(values.kills)) {
    for (const way of there) {
      if (published.kills.some((kill) => kill.way === way.name && kill.tenants === tenants)) continue;
      say(`${way.name}: ${tenants} tenants, and killed`);
      const kill = { way: way.name, ...now(), ...(await runKilled(way, tenants)) };
      published = { ...published, kills: [...published.kills, kill] };
      write(published);
    }
  }
}

if (values.render) {
  const published = known();
  if (published) write(published);
} else await measure();
process.exit();
