/**
 * A creation that nobody has heard of, and an attempt after it that succeeds: a revert waits for the first one all the same.
 * And so for a deletion by a name, on the way back itself.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { RequestFault } from '../../simulator/faults.ts';
import type { WorkerProcess } from '../../src/cli/demo/worker-process.ts';
import { startWorkerProcess } from '../../src/cli/demo/worker-process.ts';
import type { Handle, Lab } from '../support/lab.ts';
import { openLab, settled, until } from '../support/lab.ts';
import { aborted, untilIdle } from '../support/mid-upgrade.ts';

let lab: Lab;
let worker: WorkerProcess;
const startWorker = async (): Promise<void> => {
  worker = await startWorkerProcess(lab.kubeconfig, { ...process.env });
};
beforeAll(async () => {
  lab = await openLab({ worker: false });
  await startWorker();
});
afterAll(async () => {
  await worker.kill();
  await lab.close();
});

const replaceWorker = async (): Promise<void> => {
  await worker.kill();
  await startWorker();
};
const LOST: readonly { name: string; fault: RequestFault; then: () => Promise<void> }[] = [
  { name: 'connection', fault: { kind: 'reset' }, then: () => Promise.resolve() },
  { name: 'worker', fault: { kind: 'hang' }, then: replaceWorker },
];

test.each(LOST)(
  'its $name was lost',
  async ({ name: namespace, fault, then }) => {
    await lab.simulator.install('sim1', namespace);
    const api = lab.clusters.open(lab.clusters.tenant('sim1', namespace));
    const post = { method: 'POST', path: new RegExp(`/namespaces/${namespace}/routes$`), times: 1 };
    const lost = lab.cluster.faults.onRequest(post, fault);
    const tag = { method: 'PATCH', path: new RegExp(`/namespaces/${namespace}/imagestreams/`), times: 1 };
    lab.cluster.faults.onRequest(tag, { kind: 'status', code: 403, reason: 'Forbidden' });
    const handle = await lab.start(namespace, {
      retries: { transientAttempts: 3, outcomeAttempts: 1, lateWriteSeconds: 20 },
    });
    while (lost.hits === 0) await new Promise((resolve) => setTimeout(resolve, 50));
    await then();
    let made = await api.get('routes', 'system-master');
    while (!made) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      made = await api.get('routes', 'system-master');
    }
    await until(handle, ({ steps }) =>
      steps.some(({ id, status }) => id === 'create-master-route' && status === 'reverted'),
    );
    // An API server had accepted it long ago, and carries it out now: the name is free again.
    const { labels } = made.metadata;
    const metadata = { name: 'system-master', ...(labels ? { labels } : {}) };
    await api.create('routes', { metadata, spec: made.spec });
    const { state } = await settled(handle);
    const route = await api.get('routes', 'system-master');
    expect({ state, route: route?.metadata.name }).toEqual({ state: 'reverted', route: undefined });
    // For what was created late nothing is paused once more: as it was staged, and no more.
    const pauses = lab.cluster.audit
      .writes({ namespace })
      .filter(({ name, changed }) => name === 'zync' && changed.includes('spec.paused'));
    expect(pauses.map(({ changed }) => changed)).toHaveLength(2);
  },
  120_000,
);

const LATE_SECONDS = 10;

/** Its last write before the switch waits until the pause has been sent. */
async function pausedWhenStaged(namespace: string): Promise<Handle> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const app = new RegExp(`/namespaces/${namespace}/deploymentconfigs/system-app$`);
  const last = lab.cluster.faults.onRequest(
    // The claim and the pause are written before it.
    { method: 'PATCH', path: app, after: 2, times: 1 },
    { kind: 'wait', until: promise },
  );
  const handle = await lab.start(namespace, {
    retries: { transientAttempts: 3, outcomeAttempts: 1, lateWriteSeconds: LATE_SECONDS },
  });
  while (last.hits === 0) await new Promise((next) => setTimeout(next, 50));
  await handle.signal('pause', { by: 'test', why: 'to see it' });
  resolve(undefined);
  await untilIdle(handle);
  return handle;
}

test.each(LOST)(
  'its $name was lost, on the way back',
  async ({ name, fault, then }) => {
    const namespace = `${name}-back`;
    await lab.simulator.install('sim1', namespace);
    const handle = await pausedWhenStaged(namespace);
    const tag = new RegExp(`/namespaces/${namespace}/imagestreamtags/amp-zync`);
    const lost = lab.cluster.faults.onRequest({ method: 'DELETE', path: tag, times: 1 }, fault);
    const end = aborted(handle);
    while (lost.hits === 0) await new Promise((resolve) => setTimeout(resolve, 50));
    const lostAt = performance.now();
    await then();
    const { state, leftovers } = await end;
    expect({ state, leftovers }).toEqual({ state: 'aborted', leftovers: [] });
    expect(performance.now() - lostAt).toBeGreaterThan(LATE_SECONDS * 1_000);
  },
  120_000,
);
