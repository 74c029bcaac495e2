/** Issue 12, fault 3: a worker that was stopped and wakes writes nothing that Temporal gave to another meanwhile. */
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { compareSnapshots, takeSnapshot } from '../../src/cli/demo/snapshot.ts';
import type { WorkerProcess } from '../../src/cli/demo/worker-process.ts';
import { startWorkerProcess } from '../../src/cli/demo/worker-process.ts';
import type { TenantProgress } from '../../src/domain/progress.ts';
import { isFinal } from '../../src/domain/progress.ts';
import type { Handle, Lab } from '../support/lab.ts';
import { openLab, until } from '../support/lab.ts';

let lab: Lab;
const workers: WorkerProcess[] = [];
beforeAll(async () => {
  lab = await openLab({ worker: false });
});
afterEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.kill()));
});
afterAll(() => lab.close());

async function startWorker(): Promise<WorkerProcess> {
  const worker = await startWorkerProcess(lab.kubeconfig, { ...process.env });
  workers.push(worker);
  return worker;
}

const ended = (handle: Handle): Promise<TenantProgress> => until(handle, ({ state }) => isFinal(state));
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const STOPPED_IN = [
  { step: 'pause-rollouts', reads: /\/deploymentconfigs$/, end: 'upgraded' },
  { step: 'create-master-route', reads: /\/routes$/, end: 'aborted' },
  { step: 'set-memcache-image', reads: /\/deploymentconfigs\/system-memcache$/, end: 'aborted' },
] as const;

test('stopped in the middle of three tenants, and woken when another worker has ended them: nothing changes any more', async () => {
  const first = await startWorker();
  const tenants = await Promise.all(
    STOPPED_IN.map(async ({ step, reads, end }) => {
      const namespace = `woken-${step}`;
      await lab.simulator.install('sim1', namespace);
      const slow = lab.cluster.faults.onRequest(
        { method: 'GET', path: new RegExp(`/namespaces/${namespace}${reads.source}`) },
        { kind: 'latency', ms: 6_000 },
      );
      const retries = { transientAttempts: 5, outcomeAttempts: 2, lateWriteSeconds: 3 };
      const handle = await lab.start(namespace, { retries });
      await until(handle, ({ steps }) => steps.some(({ id, status }) => id === step && status === 'running'));
      // In the middle of a read, after which it would write.
      await sleep(500);
      slow.remove();
      return { namespace, handle, end };
    }),
  );
  process.kill(first.pid, 'SIGSTOP');
  await startWorker();
  const snapshots = await Promise.all(
    tenants.map(async ({ namespace, handle, end }) => {
      if (end === 'aborted') await handle.signal('abort', { by: 'test', why: 'withdrawn' });
      expect((await ended(handle)).state).toBe(end);
      await lab.cluster.settle();
      return { namespace, before: takeSnapshot(lab.cluster, namespace) };
    }),
  );
  process.kill(first.pid, 'SIGCONT');
  await sleep(8_000);
  await lab.cluster.settle();
  for (const { namespace, before } of snapshots)
    expect(compareSnapshots(before, takeSnapshot(lab.cluster, namespace))).toEqual([]);
}, 180_000);
