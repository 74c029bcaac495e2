/** Issue 12, fault 3: a worker that was stopped and wakes writes nothing that Temporal gave to another meanwhile. */
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { compareSnapshots, takeSnapshot } from '../../src/cli/demo/snapshot.ts';
import type { WorkerProcess } from '../../src/cli/demo/worker-process.ts';
import { startWorkerProcess } from '../../src/cli/demo/worker-process.ts';
import type { TenantProgress } from '../../src/domain/tenant/progress.ts';
import { isFinal } from '../../src/domain/tenant/progress.ts';
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
  // The check and the backup read the same before.
  { step: 'pause-rollouts', reads: /\/deploymentconfigs$/, after: 2, end: 'upgraded' },
  { step: 'create-master-route', reads: /\/routes$/, after: 2, end: 'aborted' },
  { step: 'set-memcache-image', reads: /\/deploymentconfigs\/system-memcache$/, after: 0, end: 'aborted' },
] as const;

test('stopped in the middle of three tenants, and woken when another worker has ended them: nothing changes any more', async () => {
  const first = await startWorker();
  const retries = { transientAttempts: 5, outcomeAttempts: 2, lateWriteSeconds: 3 };
  for (const { step } of STOPPED_IN) await lab.simulator.install('sim1', `woken-${step}`);
  const tenants = await Promise.all(
    STOPPED_IN.map(async ({ step, reads, after, end }) => {
      const namespace = `woken-${step}`;
      const slow = lab.cluster.faults.onRequest(
        { method: 'GET', path: new RegExp(`/namespaces/${namespace}${reads.source}`), after, times: 1 },
        { kind: 'latency', ms: 10_000 },
      );
      const handle = await lab.start(namespace, { retries });
      // In the middle of a read, after which it would write.
      while (slow.hits === 0) await sleep(50);
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
