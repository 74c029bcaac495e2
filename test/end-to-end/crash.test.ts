import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Snapshot } from '../../src/cli/demo/snapshot.ts';
import { compareSnapshots, takeSnapshot } from '../../src/cli/demo/snapshot.ts';
import type { WorkerProcess } from '../../src/cli/demo/worker-process.ts';
import { startWorkerProcess } from '../../src/cli/demo/worker-process.ts';
import type { Cluster } from '../../simulator/cluster.ts';
import type { RequestFault, ScriptedFault } from '../../simulator/faults.ts';
import type { TenantProgress } from '../../src/domain/tenant/progress.ts';
import { isFinal } from '../../src/domain/tenant/progress.ts';
import type { KillPoint } from '../support/kill-points.ts';
import { BACKWARD, FORWARD } from '../support/kill-points.ts';
import type { Handle, Lab, UpgradeOptions } from '../support/lab.ts';
import { openLab, until } from '../support/lab.ts';

const TENANT = 'tenant';
const SOURCE = 'impersonation';
const MINUTES = 60_000;

/** One cluster a kill point, all the same to the letter; the last one is never disturbed. */
let lab: Lab;
let worker: WorkerProcess | undefined;
let killed = 0;
beforeAll(async () => {
  lab = await openLab({ clusters: 3 * FORWARD.length + BACKWARD.length + 3, worker: false });
}, 2 * MINUTES);
afterEach(async () => {
  await worker?.kill();
  worker = undefined;
});
afterAll(async () => {
  process.stdout.write(`workers killed: ${killed}, in ${survived} places of activities and between steps\n`);
  await lab.close();
});
let survived = 0;

interface Victim {
  readonly context: string;
  readonly cluster: Cluster;
  readonly before: Snapshot;
}

let used = 0;
async function prepareVictim(): Promise<Victim> {
  const context = `sim${(used += 1)}`;
  const cluster = lab.simulator.cluster(context);
  await lab.simulator.install(context, TENANT, { seed: 'same' });
  await lab.clusters.open(lab.clusters.tenant(context, TENANT)).create('secrets', {
    metadata: { name: SOURCE },
    data: { username: 'aW1wZXJzb25hdG9y', domain: 'ZXhhbXBsZS5jb20=' },
  });
  cluster.audit.clear();
  cluster.availability.reset();
  return { context, cluster, before: takeSnapshot(cluster, TENANT) };
}

const startUpgrade = (context: string, more: UpgradeOptions = {}): Promise<Handle> =>
  lab.start(TENANT, { context, path: { impersonation: { fromSecret: SOURCE } }, ...more });

async function startWorkers(): Promise<WorkerProcess> {
  return (worker = await startWorkerProcess(lab.kubeconfig, { ...process.env }));
}

/** The fault that the request of a kill point meets. */
function script(victim: Victim | undefined, point: KillPoint, fault: RequestFault): ScriptedFault {
  if (!victim) throw new Error('there are fewer victims than points');
  const { method, path, after = 0 } = point;
  return victim.cluster.faults.onRequest(
    {
      method,
      path: new RegExp(`${path.replaceAll('.', '\\.')}$`),
      user: `${victim.context}-admin`,
      after,
      times: 1,
    },
    fault,
  );
}

const ended = (handle: Handle): Promise<TenantProgress> => until(handle, ({ state }) => isFinal(state));

/** Paused, it has nothing under way any more. */
async function untilIdle(handle: Handle): Promise<void> {
  for (;;) {
    const { raw } = await handle.describe();
    if ((raw.pendingActivities ?? []).length === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** What an installation is, whatever its objects are called by the server: names of random pods and backups apart. */
function endState({ cluster }: Victim): Snapshot {
  return new Map(
    [...takeSnapshot(cluster, TENANT)]
      .filter(([name]) => !/^(Service|ReplicationController)\/|^Secret\/threescale-upgrade-backup/.test(name))
      .map(([name, object]) => [name, { ...(object as object), uid: undefined }]),
  );
}

/** Holds every victim at its own point, kills the one worker of all, and lets another one go on. */
async function killAt(
  points: readonly KillPoint[],
  moment: 'before' | 'after',
  prepareFault: (cluster: Cluster) => void,
): Promise<{ victims: Victim[]; undisturbed: Victim; ends: TenantProgress[] }> {
  const victims = await Promise.all(points.map(() => prepareVictim()));
  const undisturbed = await prepareVictim();
  for (const { cluster } of [...victims, undisturbed]) prepareFault(cluster);
  const fault: RequestFault = moment === 'before' ? { kind: 'hang' } : { kind: 'lost-answer', hang: true };
  const faults = points.map((point, index) => script(victims[index], point, fault));
  const first = await startWorkers();
  const handles = await Promise.all([...victims, undisturbed].map(({ context }) => startUpgrade(context)));
  const deadline = Date.now() + MINUTES;
  while (faults.some(({ hits }) => hits === 0)) {
    const missed = points.filter((_, index) => faults[index]?.hits === 0).map(({ name }) => name);
    if (Date.now() > deadline) throw new Error(`not reached: ${missed.join(', ')}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await first.kill();
  killed += 1;
  survived += points.length;
  await startWorkers();
  const ends = await Promise.all(handles.map(ended));
  await Promise.all([...victims, undisturbed].map(({ cluster }) => cluster.settle()));
  return { victims, undisturbed, ends };
}

test.each(['before', 'after'] as const)(
  'SIGKILL inside every activity, %s its write: the same end as without',
  async (moment) => {
    const { victims, undisturbed, ends } = await killAt(FORWARD, moment, () => undefined);
    expect(ends.map(({ state }) => state)).toEqual(ends.map(() => 'upgraded'));
    const wanted = endState(undisturbed);
    const found = victims.map((victim, index) => ({
      point: FORWARD[index]?.name,
      differs: compareSnapshots(wanted, endState(victim)),
      twice: victim.cluster.audit.writtenTwice({ namespace: TENANT }).length,
      rollouts: [...new Set(Object.values(victim.cluster.audit.rollouts(TENANT)))],
      downMs: victim.cluster.availability.downMs(TENANT, 'system-app'),
    }));
    expect(found).toEqual(
      FORWARD.map(({ name }) => ({ point: name, differs: [], twice: 0, rollouts: [1], downMs: 0 })),
    );
  },
  4 * MINUTES,
);

test(
  'SIGKILL inside every compensation: everything is as it was',
  async () => {
    const { victims, ends } = await killAt(BACKWARD, 'after', ({ faults }) => {
      faults.onWork('rollout', { name: 'zync', message: 'crash loop', times: 2 });
    });
    expect(ends.map(({ state }) => state)).toEqual(ends.map(() => 'reverted'));
    const found = victims.map(({ cluster, before }, index) => ({
      point: BACKWARD[index]?.name,
      differs: compareSnapshots(before, takeSnapshot(cluster, TENANT)).filter(
        (name) => !name.startsWith('ReplicationController/'),
      ),
      twice: cluster.audit.writtenTwice({ namespace: TENANT }).filter(({ verb }) => verb === 'create').length,
      downMs: cluster.availability.downMs(TENANT, 'system-app'),
    }));
    expect(found).toEqual(BACKWARD.map(({ name }) => ({ point: name, differs: [], twice: 0, downMs: 0 })));
  },
  4 * MINUTES,
);

test(
  'SIGKILL at every step boundary: the same end as without',
  async () => {
    const victims = await Promise.all(FORWARD.map(() => prepareVictim()));
    // Long enough for the pause to arrive while the step runs: it is then finished, and nothing else begins.
    const faults = FORWARD.map((point, index) =>
      script(victims[index], point, { kind: 'latency', ms: 2_000 }),
    );
    const first = await startWorkers();
    const handles = await Promise.all(victims.map(({ context }) => startUpgrade(context)));
    await Promise.all(
      handles.map(async (handle, index) => {
        while (faults[index]?.hits === 0) await new Promise((resolve) => setTimeout(resolve, 50));
        await handle.signal('pause', { by: 'test', why: 'boundary' });
        const progress = await until(handle, ({ paused }) => paused !== undefined);
        await untilIdle(handle);
        expect(progress.paused).toBeDefined();
      }),
    );
    await first.kill();
    killed += 1;
    survived += FORWARD.length;
    await startWorkers();
    for (const handle of handles) await handle.signal('resume', { by: 'test', why: 'next' });
    const ends = await Promise.all(handles.map(ended));
    expect(ends.map(({ state }) => state)).toEqual(ends.map(() => 'upgraded'));
    for (const { cluster } of victims) {
      await cluster.settle();
      expect(cluster.audit.writtenTwice({ namespace: TENANT })).toEqual([]);
      expect(new Set(Object.values(cluster.audit.rollouts(TENANT)))).toEqual(new Set([1]));
    }
  },
  4 * MINUTES,
);
