import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { WorkerProcess } from '../../src/cli/demo/worker-process.ts';
import { startWorkerProcess } from '../../src/cli/demo/worker-process.ts';
import type { FleetOverview } from '../../src/cli/fleet/overview.ts';
import type { FleetProgress } from '../../src/domain/fleet/show/progress.ts';
import { ScaleFleet, scaleTenants } from '../support/fleet-scale.ts';
import type { Lab } from '../support/lab.ts';
import { openLab } from '../support/lab.ts';
import { splitKubeconfig } from '../support/split-kubeconfig.ts';
import { workerOf } from '../support/worker-of.ts';

const FLEET = 'workers';
const MINUTES = 60_000;

/** sim3 stands in a network that only the workers of the site `edge` reach, with a kubeconfig of their own. */
let lab: Lab;
let fleet: ScaleFleet;
let central: string;
let edge: WorkerProcess;
const workers: WorkerProcess[] = [];

async function startWorker(kubeconfig: string, ...more: string[]): Promise<WorkerProcess> {
  const env = { ...process.env, TEMPORAL_ADDRESS: lab.target.address };
  const worker = await startWorkerProcess(kubeconfig, env, more);
  workers.push(worker);
  return worker;
}

beforeAll(async () => {
  lab = await openLab({ clusters: 3, worker: false });
  central = splitKubeconfig(lab, ['sim1', 'sim2']);
  fleet = new ScaleFleet(lab, FLEET, scaleTenants(12, { clusters: 3, oneInFails: 4 }));
  await fleet.install();
  await Promise.all([startWorker(central), startWorker(central)]);
  await fleet.upgradeReference();
}, 4 * MINUTES);
afterAll(async () => {
  await Promise.all(workers.map((worker) => worker.kill()));
  await lab.close();
});

/** Names of what a list query of Temporal's finds; its lists lag behind a little. */
async function listed(query: string, size: number): Promise<string[]> {
  for (let tries = 0; ; tries += 1) {
    const ids: string[] = [];
    for await (const { workflowId } of lab.client.workflow.list({ query })) ids.push(workflowId);
    if (ids.length === size || tries > 100) return ids.map((id) => id.split('/').at(-1) ?? '').sort();
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

test(
  'a fleet over two networks, of which a worker is killed in mid-write and replaced',
  async () => {
    const server = lab.clusters.tenant('sim3', 'any').cluster;
    const file = fleet.write({
      clusters: { sim1: {}, sim2: {}, sim3: { server, site: 'edge' } },
      waves: [
        { name: 'canary', select: { count: 3 } },
        { name: 'rest', select: { rest: true } },
      ],
      failureBudget: { failed: 2 },
    });
    const flags = ['-f', file, '--kubeconfig', central];
    const plan = await fleet.cli('plan', ...flags, '-o', 'json');
    const { elsewhere, blocked } = JSON.parse(plan.stdout) as FleetOverview;
    expect(elsewhere).toEqual(['tenant-00003', 'tenant-00006', 'tenant-00009', 'tenant-00012']);
    expect([plan.exitCode, blocked.map(({ tenant }) => tenant)]).toEqual([3, ['tenant-00008']]);

    const lost = lab.simulator
      .cluster('sim2')
      .faults.onRequest(
        { method: 'PATCH', path: /tenant-00005\/imagestreams/, times: 1 },
        { kind: 'lost-answer', hang: true },
      );
    const started = await fleet.cli('start', ...flags, '--yes', '--no-watch', '--why', 'change 4711');
    expect([started.exitCode, started.stderr]).toEqual([
      0,
      expect.stringContaining('no worker serves site edge'),
    ]);
    const unserved = await fleet.cli('status', FLEET, '-o', 'json');
    expect(JSON.parse(unserved.stdout)).toHaveProperty('sitesWithoutWorker', ['edge']);
    edge = await startWorker(splitKubeconfig(lab, ['sim3']), '--site', 'edge');
    while (lost.hits === 0) await new Promise((resolve) => setTimeout(resolve, 50));
    await (await workerOf(lab, workers, lab.clusters.tenant('sim2', 'tenant-00005'))).kill();
    await startWorker(central);

    await fleet.until(({ phase }) => phase === 'needs-decisions');
    const retry = ['--tenant', 'tenant-00004', '--why', 'migrated by hand', '--no-watch'];
    expect((await fleet.cli('retry', FLEET, ...retry)).exitCode).toBe(0);
    const ended = await fleet.cli('status', FLEET, '--wait', '-o', 'json');
    const { counts, total } = JSON.parse(ended.stdout) as FleetProgress;
    expect([ended.exitCode, counts]).toEqual([
      5,
      expect.objectContaining({ upgraded: 10, reverted: 1, blocked: 1 }),
    ]);
    expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBe(total);
    expect(await fleet.problems()).toEqual([]);
  },
  4 * MINUTES,
);

test('Temporal’s own lists find every tenant by what it is', async () => {
  const ofFleet = `ThreescaleFleet = '${FLEET}' AND WorkflowType = 'tenantUpgrade'`;
  const is = async (query: string, names: readonly string[]): Promise<void> => {
    expect(await listed(`${ofFleet} AND ${query}`, names.length)).toEqual(names);
  };
  await is("ThreescaleState = 'reverted'", ['tenant-00012']);
  await is("ThreescaleState = 'blocked'", ['tenant-00008']);
  expect(await listed(`${ofFleet} AND ThreescaleState = 'upgraded'`, 10)).toHaveLength(10);
  await is("ThreescaleWave = 'canary'", ['tenant-00001', 'tenant-00002', 'tenant-00003']);
  const { cluster } = lab.clusters.tenant('sim3', 'any');
  const ofEdge = ['tenant-00003', 'tenant-00006', 'tenant-00009', 'tenant-00012'];
  await is(`ThreescaleCluster = '${cluster}'`, ofEdge);
  await is("ThreescaleClusterName = 'sim3'", ofEdge);
  await is("ThreescaleTenant STARTS_WITH 'sim3/'", ofEdge);
  await is("ThreescaleTenant = 'sim1/tenant-00007' AND ThreescalePath = '2.3-2.4'", ['tenant-00007']);
  const fleets = "WorkflowType = 'fleetUpgrade' AND ThreescaleState = 'ended'";
  expect(await listed(fleets, 1)).toEqual([FLEET]);
});

test(
  'where every cluster has a site, the fleet itself needs no kubeconfig',
  async () => {
    await Promise.all(workers.filter((worker) => worker !== edge).map((worker) => worker.kill()));
    await startWorker(central, '--no-kubeconfig');
    const namespace = 'tenant-90001';
    await lab.simulator.install('sim3', namespace);
    const sites = new ScaleFleet(lab, 'sites', [{ context: 'sim3', namespace, fate: 'upgraded' }]);
    const server = lab.clusters.tenant('sim3', 'any').cluster;
    const file = sites.write({ clusters: { sim3: { server, site: 'edge' } } });
    const flags = ['-f', file, '--kubeconfig', central, '--yes', '--why', 'sites', '--wait', '-o', 'json'];
    const { exitCode, stdout } = await sites.cli('start', ...flags);
    expect([exitCode, (JSON.parse(stdout) as FleetProgress).counts.upgraded]).toEqual([0, 1]);
  },
  2 * MINUTES,
);
