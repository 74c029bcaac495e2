/**
 * What this tool costs, against its goals: each a figure beside what it is compared with in the same run. `npm run bench --
 * [--tenants 100,200] [--memory 500] [--large 5000]`; --tenants: the first is compared with the kubectl script and with Ansible;
 * --memory and --large take long, and are measured only where they are asked for. Ends with 1 where a goal is not met.
 */
import { execFileSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { runFleet } from './fleet-run.ts';
import type { Goal } from './goal.ts';
import { cpuSeconds, rowOf } from './goal.ts';
import { Bench, TIMING, runWay } from './side-by-side/run.ts';
import type { Figures } from './side-by-side/run.ts';
import { cpuOfEndedChildren } from './side-by-side/process-tree.ts';
import type { Way, WayName } from './side-by-side/ways.ts';
import { MAIN, waysOf } from './side-by-side/ways.ts';
import { workerMemory } from './worker-memory.ts';
import { startYardstick } from './yardstick.ts';

/** CPU is what counts here: rollouts are quick. */
const QUICK = { rolloutMs: 1_000, hookMs: 200, importMs: 200, terminationMs: 50 };
/** What one tenant of Ansible's costs is soon known, and long in coming. */
const ANSIBLE_TENANTS = 4;
const STARTS = 5;

const { values } = parseArgs({
  options: {
    tenants: { type: 'string', default: '100,200' },
    memory: { type: 'string' },
    large: { type: 'string' },
  },
});
const say = (line: string): void => void process.stderr.write(`${line}\n`);
execFileSync('npm', ['run', '--silent', 'build'], { stdio: 'inherit' });
const ways = waysOf(say);

/** CPU of one start of Node.js with these arguments, ms; whatever is slow for the first time only is left out. */
function startMs(args: readonly string[]): number {
  const start = (): void => void execFileSync(process.execPath, args, { stdio: 'ignore' });
  start();
  const before = cpuOfEndedChildren();
  for (let count = 0; count < STARTS; count += 1) start();
  return (cpuOfEndedChildren() - before) / STARTS;
}

async function checkMs(): Promise<number> {
  const bench = await Bench.open(1, QUICK);
  try {
    const of = ['--context', 'sim1', '--namespace', 'tenant-1', '--kubeconfig', bench.kubeconfig];
    return startMs([MAIN, 'check', ...of]);
  } finally {
    await bench.close();
  }
}

/** A tenant's share of what a way costs; in words why it was not measured. */
async function measured(name: WayName, tenants: number): Promise<Figures | { readonly why: string }> {
  const way = ways.find((one): one is Way => one.name === name);
  if (!way || way.why !== undefined) return { why: way?.why ?? 'it is not known' };
  say(`${name}: ${tenants} tenants`);
  // A switch is told from what is around it only where rollouts take their time.
  const figures = await runWay(way, tenants, tenants === 1 ? TIMING : QUICK);
  for (const lacking of figures.notUpgraded) say(`! ${name}: ${lacking}`);
  return figures;
}

/** So many times what the other one takes, at most. */
function against(
  what: string,
  figureMs: number,
  [baseline, part, tenants]: readonly [Figures | { readonly why: string }, number, number],
): Goal {
  if ('why' in baseline) return { what, figure: figureMs, show: cpuSeconds, missing: baseline.why };
  const each = baseline.cpuMs / tenants;
  return { what, figure: figureMs, show: cpuSeconds, baseline: each, goal: each * part };
}

const goals: Goal[] = [];
say('starts');
const bare = startMs(['--eval', '0']);
const light = { show: cpuSeconds, goal: 200, baseline: bare };
const script = execFileSync(process.execPath, [MAIN, 'completion', 'bash'], { encoding: 'utf8' });
const [, tree = '{}'] = /_tree='(.*)'$/m.exec(script) ?? [];
goals.push(
  { what: '--version', figure: startMs([MAIN, '--version']), ...light },
  { what: '--help', figure: startMs([MAIN, '--help']), ...light },
  {
    what: 'completion of a word',
    figure: startMs([MAIN.replace('main.js', 'completion/main.js'), '__complete', tree, 'st']),
    ...light,
  },
  { what: 'check of one tenant', figure: await checkMs(), show: cpuSeconds, goal: 500, baseline: bare },
);

const one = await measured('this', 1);
if ('why' in one) throw new Error(one.why);
const typed = await measured('kubectl', 1);
const events = one.eventsEach ?? NaN;
goals.push(
  against('one tenant, first use', one.cpuMs, [typed, 1, 1]),
  { what: 'requests of a tenant', figure: one.requestsEach, show: String, goal: 55 },
  { what: 'Temporal’s events of a tenant', figure: events, show: (count) => count.toFixed(0), goal: 110 },
  {
    what: 'a switch, against its longest chain of rollouts',
    figure: one.switchToChain,
    show: (ratio) => ratio.toFixed(2),
    goal: 1.05,
  },
);

const [first = 100, ...more] = values.tenants.split(',').map(Number);
const many = await measured('this', first);
if ('why' in many) throw new Error(many.why);
const each = many.cpuMs / first;
const scripted = await measured('kubectl', first);
const played = await measured('ansible', ANSIBLE_TENANTS);
goals.push(against(`a tenant of ${first}, against kubectl`, each, [scripted, 1 / 4, first]));
goals.push(against(`a tenant of ${first}, against Ansible`, each, [played, 1 / 20, ANSIBLE_TENANTS]));
for (const tenants of more) {
  const figures = await measured('this', tenants);
  if ('why' in figures) throw new Error(figures.why);
  const figure = figures.cpuMs / tenants;
  goals.push({ what: `a tenant of ${tenants}`, figure, show: cpuSeconds, baseline: each, goal: each * 1.1 });
}

if (values.large !== undefined) {
  const tenants = Number(values.large);
  const yardstick = await startYardstick();
  const { workersMs, temporalMs, problems } = await runFleet({ tenants, kill: true, yardstick, say });
  yardstick.stop();
  for (const problem of problems.slice(0, 20)) say(`! ${problem}`);
  const figure = (workersMs + temporalMs) / tenants;
  const goal = Math.min(350, each * 1.1);
  goals.push({ what: `a tenant of ${tenants}`, figure, show: cpuSeconds, baseline: each, goal });
}
if (values.memory !== undefined) {
  const { peakMb, tenants } = await workerMemory(Number(values.memory));
  const show = (mb: number): string => `${mb.toFixed(0)} MB`;
  goals.push({ what: `a worker’s memory, ${tenants} tenants at once`, figure: peakMb, show, goal: 600 });
}

const head = ['', 'is', 'goal, at most', 'compared with', 'is : goal', 'met'];
const table = new Table({ head, style: { head: [], border: [] } });
for (const goal of goals) table.push(rowOf(goal));
process.stdout.write(`CPU, of all processes, Temporal among them:\n${table.toString()}\n`);
process.exit(goals.every(({ figure, goal }) => goal === undefined || figure <= goal) ? 0 : 1);
