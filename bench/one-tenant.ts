/**
 * One tenant, in one run and on one simulator: the documented procedure typed command by command (its measured requests,
 * pasted in one go, as people do), and this upgrade. `npm run bench:one`
 */
import Table from 'cli-table3';
import { createApiHandler } from '../simulator/api/handler.ts';
import { renderDuration } from '../src/cli/render/duration.ts';
import { workflowIdOf } from '../src/domain/tenant/workflow-id.ts';
import { openLab } from '../test/support/lab.ts';
import { recordings } from '../test/support/recordings.ts';
import type { Counts } from './asked-for.ts';
import { eventsOf, requestsOf, sumOf } from './asked-for.ts';

const TENANT = 'tenant';
/** All told, the check and the end among them. */
const GOALS = { requests: 55, events: 110 };
const lab = await openLab({
  clusters: 2,
  timing: { rolloutMs: 1_000, hookMs: 2_000, importMs: 200, terminationMs: 50 },
});
for (const name of ['sim1', 'sim2']) await lab.simulator.install(name, TENANT);

interface Measured {
  readonly wallMs: number;
  readonly requests: number;
  readonly writes: number;
  readonly rollouts: number;
  readonly downMs: number;
}

async function measure(name: string, work: () => Promise<void>): Promise<Measured> {
  const cluster = lab.simulator.cluster(name);
  cluster.audit.clear();
  cluster.availability.reset();
  const startedAt = performance.now();
  await work();
  await cluster.settle(60_000);
  const { reads, writes } = cluster.audit.requests(TENANT);
  return {
    wallMs: performance.now() - startedAt,
    requests: reads + writes,
    writes: cluster.audit.writes({ namespace: TENANT }).length,
    rollouts: Object.values(cluster.audit.rollouts(TENANT)).reduce((sum, count) => sum + count, 0),
    downMs: cluster.availability.downMs(TENANT, 'system-app'),
  };
}

/** The nine steps are the recordings oc-01 to oc-09; each command of `oc` starts by itself, which is not counted here. */
const documented = await measure('sim1', async () => {
  const handler = createApiHandler(lab.simulator.cluster('sim1'));
  for (const { id, request } of recordings()) {
    if (!/^oc-0[1-9]/.test(id)) continue;
    const url = new URL(request.path, 'https://localhost');
    const { body } = request;
    handler.handle({
      method: request.method,
      path: url.pathname,
      query: url.searchParams,
      headers: { authorization: 'Bearer sim1-admin-token', ...request.headers },
      body: body === null || body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body),
    });
    await new Promise((resolve) => setTimeout(resolve, 165));
  }
});
const cpu = process.cpuUsage();
let asked: Awaited<ReturnType<typeof requestsOf>> = { byActivity: [], byKind: [] };
const ours = await measure('sim2', async () => {
  asked = await requestsOf(async () => {
    const { state } = await lab.upgrade(TENANT, { context: 'sim2' });
    if (state !== 'upgraded') throw new Error(`it is ${state}`);
  });
});
const used = process.cpuUsage(cpu);
const events = await eventsOf(
  lab.client.workflow.getHandle(workflowIdOf(lab.clusters.tenant('sim2', TENANT))),
);

const ratio = (a: number, b: number): string =>
  b === 0 ? (a === 0 ? '1.00' : 'from something to nothing') : `${(a / b).toFixed(2)}`;
const table = new Table({
  head: ['', 'documented', 'this', 'this : documented'],
  style: { head: [], border: [] },
});
const row = (name: string, key: keyof Measured, show: (value: number) => string): void =>
  void table.push([name, show(documented[key]), show(ours[key]), ratio(ours[key], documented[key])]);
row('wall time', 'wallMs', renderDuration);
row('requests', 'requests', String);
row('writes', 'writes', String);
row('rollouts', 'rollouts', String);
row('without a ready system-app', 'downMs', renderDuration);
process.stdout.write(`${table.toString()}\n`);
const goals = new Table({
  head: ['a tenant', 'is', 'goal', 'is : goal'],
  style: { head: [], border: [] },
});
goals.push(['requests', ours.requests, GOALS.requests, ratio(ours.requests, GOALS.requests)]);
goals.push(['history events', sumOf(events), GOALS.events, ratio(sumOf(events), GOALS.events)]);
process.stdout.write(`${goals.toString()}\n`);
const shown = (counts: Counts): string => counts.map(([what, count]) => `${count} ${what}`).join(', ');
process.stdout.write(
  `requests by activity: ${shown(asked.byActivity)}\n` +
    `requests by kind: ${shown(asked.byKind)}\nhistory events: ${shown(events)}\n`,
);
process.stdout.write(
  `CPU of worker, client and simulator: ${renderDuration((used.user + used.system) / 1_000)}; ` +
    `memory: ${Math.round(process.memoryUsage().rss / 1_048_576)} MB\n`,
);
await lab.close();
