import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { Witness } from '../../src/procedure/evidence/witness.ts';
import type { Cluster } from '../../simulator/cluster.ts';
import { breakPod } from '../../simulator/controllers/broken-pods.ts';
import { asPod } from '../../simulator/objects.ts';
import type { PodFault } from '../../simulator/pod-troubles.ts';
import { RESOURCES } from '../../simulator/resources.ts';
import type { TenantApi } from '../../src/openshift/tenant-api.ts';
import type { SimulatedClusters } from '../support/simulated-clusters.ts';
import { openClusters } from '../support/simulated-clusters.ts';

const NAMESPACE = 'tenant';
const SUBJECT = { deploymentConfig: 'zync', controller: 'zync-2' };
/** It is told to look: no look of its own comes between. */
const NEVER = 3_600_000;

let lab: SimulatedClusters;
let cluster: Cluster;
let api: TenantApi;
beforeAll(async () => {
  lab = await openClusters({ timing: { rolloutMs: 5, hookMs: 5, importMs: 5, terminationMs: 5 } });
  await lab.simulator.install('sim1', NAMESPACE);
  cluster = lab.simulator.cluster('sim1');
  await cluster.settle();
  api = lab.clusters.open(lab.clusters.tenant('sim1', NAMESPACE));
});
afterAll(() => lab.close());

/** A pod of the second rollout that no controller looks after, in this trouble. */
function podInTrouble(name: string, fault: PodFault): void {
  const pod = cluster.store.create(
    RESOURCES.pods,
    {
      kind: 'Pod',
      apiVersion: 'v1',
      metadata: {
        ...{ name, namespace: NAMESPACE, uid: '', resourceVersion: '', creationTimestamp: '' },
        labels: { deployment: 'zync-2', deploymentconfig: 'zync' },
      },
      spec: { containers: [{ name: 'zync', image: 'zync' }] },
      status: { phase: 'Pending' },
    },
    'test',
  );
  cluster.store.update(RESOURCES.pods, { ...pod, status: breakPod(cluster, asPod(pod), fault) }, 'test');
}

const remove = (name: string): void => {
  cluster.store.remove(RESOURCES.pods, NAMESPACE, name, 'test');
};

function watching(): Witness {
  const witness = new Witness(api, { withLogs: true, everyMs: NEVER });
  witness.watch(SUBJECT);
  return witness;
}

test('what a pod last looked like is told when it is gone, with its log', async () => {
  const witness = watching();
  podInTrouble('zync-2-bcdfg', { kind: 'crash-loop', exitCode: 3, log: ['the last words'] });
  await witness.look();
  remove('zync-2-bcdfg');
  const { pods } = await witness.evidence(SUBJECT);
  witness.stop();
  expect(pods).toMatchObject([
    { pod: 'zync-2-bcdfg', gone: true, reason: 'CrashLoopBackOff', exitCode: 3, log: ['the last words'] },
  ]);
});

test('what has come right meanwhile is not told', async () => {
  const witness = watching();
  podInTrouble('zync-2-hjklm', { kind: 'image-pull' });
  await witness.look();
  const pod = cluster.store.get(RESOURCES.pods, NAMESPACE, 'zync-2-hjklm');
  if (!pod) throw new Error('it is not there');
  const ready = [{ name: 'zync', state: { running: {} }, ready: true, restartCount: 0 }];
  cluster.store.update(
    RESOURCES.pods,
    { ...pod, status: { phase: 'Running', containerStatuses: ready } },
    'test',
  );
  await witness.look();
  remove('zync-2-hjklm');
  expect((await witness.evidence(SUBJECT)).pods).toEqual([]);
  witness.stop();
});

test('nor is what was seen of another rollout', async () => {
  const witness = watching();
  podInTrouble('zync-2-npqrs', { kind: 'oom-killed' });
  await witness.look();
  remove('zync-2-npqrs');
  expect((await witness.evidence({ ...SUBJECT, controller: 'zync-3' })).pods).toEqual([]);
  witness.stop();
});

test('the same trouble is looked at closely once: its log is not read again and again', async () => {
  const witness = watching();
  podInTrouble('zync-2-tvwxz', { kind: 'crash-loop', log: ['the last words'] });
  const reads = cluster.faults.onRequest(
    { namespace: NAMESPACE, path: /\/log$/ },
    { kind: 'latency', ms: 0 },
  );
  for (let looks = 0; looks < 3; looks += 1) await witness.look();
  expect(reads.hits).toBe(1);
  reads.remove();
  remove('zync-2-tvwxz');
  witness.stop();
});

test('what was seen is not said to be gone where nobody could look', async () => {
  const witness = watching();
  podInTrouble('zync-2-zwxvt', { kind: 'oom-killed' });
  await witness.look();
  const refused = cluster.faults.onRequest(
    { namespace: NAMESPACE, path: /\/pods$/ },
    { kind: 'status', code: 403, reason: 'Forbidden' },
  );
  const { pods, missing } = await witness.evidence(SUBJECT);
  expect(pods).toMatchObject([{ pod: 'zync-2-zwxvt', lastReason: 'OOMKilled' }]);
  expect(pods[0]).not.toHaveProperty('gone');
  expect(missing).toEqual([expect.stringMatching(/^the pods: may not be read/)]);
  refused.remove();
  remove('zync-2-zwxvt');
  witness.stop();
});

test('a cluster that says nothing costs a look, and the evidence says so', async () => {
  const hangs = cluster.faults.onRequest({ namespace: NAMESPACE, method: 'GET' }, { kind: 'reset' });
  const witness = watching();
  await witness.look();
  const { pods, missing } = await witness.evidence(SUBJECT);
  expect(pods).toEqual([]);
  expect(missing?.join()).toMatch(/the pods: could not be read/);
  hangs.remove();
  witness.stop();
});

/** The tenant's, whose requests are told as they come; whatever `until` answers is waited for before one is made. */
function listened(until: (what: string) => Promise<unknown> | undefined): TenantApi {
  const over = (target: TenantApi): TenantApi =>
    new Proxy(target, {
      get(_, name) {
        if (name === 'endedBy') return (signal: AbortSignal) => over(target.endedBy(signal));
        const member: unknown = Reflect.get(target, name, target);
        if (typeof member !== 'function') return member;
        return async (...args: unknown[]) => {
          await until([name, args[0]].join(' '));
          return Reflect.apply(member, target, args) as unknown;
        };
      },
    });
  return over(api);
}

test('a rollout that fails soon is looked at before: early, and then less and less often', async () => {
  jest.useFakeTimers({ now: 0 });
  const looks: number[] = [];
  const nowhere = listened((what) => {
    if (what === 'list pods') looks.push(Date.now());
    return Promise.reject(new Error('nobody is asked'));
  });
  const witness = new Witness(nowhere, { withLogs: true });
  try {
    witness.watch(SUBJECT);
    await jest.advanceTimersByTimeAsync(20_000);
    expect(looks.length).toBeGreaterThanOrEqual(3);
    await jest.advanceTimersByTimeAsync(3_600_000);
    expect(looks.length).toBeLessThan(200);
    witness.watch({ ...SUBJECT, controller: 'zync-3' });
    const before = looks.length;
    await jest.advanceTimersByTimeAsync(20_000);
    expect(looks.length).toBeGreaterThanOrEqual(before + 3);
    witness.stop();
    const at = looks.length;
    await jest.advanceTimersByTimeAsync(3_600_000);
    expect(looks).toHaveLength(at);
  } finally {
    jest.useRealTimers();
    witness.stop();
  }
});

test('once it has failed its log is read at once, before the cluster takes the pod away', async () => {
  podInTrouble('zync-2-qrstv', { kind: 'crash-loop', log: ['the last words'] });
  const logRead = Promise.withResolvers<undefined>();
  const slow = listened((what) => {
    if (what.startsWith('log ')) logRead.resolve(undefined);
    return what === 'list secrets' ? logRead.promise : undefined;
  });
  const witness = new Witness(slow, { withLogs: true, everyMs: NEVER });
  const { pods } = await witness.evidence(SUBJECT);
  witness.stop();
  remove('zync-2-qrstv');
  expect(pods).toMatchObject([{ pod: 'zync-2-qrstv', log: ['the last words'] }]);
});

test('a log that is gone before its pod is told as it was read earlier', async () => {
  const witness = watching();
  podInTrouble('zync-2-cdfgh', { kind: 'crash-loop', log: ['the last words'] });
  await witness.look();
  const gone = cluster.faults.onRequest(
    { namespace: NAMESPACE, path: /\/log$/ },
    { kind: 'status', code: 404, reason: 'NotFound' },
  );
  const { pods, missing } = await witness.evidence(SUBJECT);
  gone.remove();
  witness.stop();
  remove('zync-2-cdfgh');
  expect(missing).toBeUndefined();
  expect(pods).toMatchObject([{ pod: 'zync-2-cdfgh', log: ['the last words'] }]);
});
