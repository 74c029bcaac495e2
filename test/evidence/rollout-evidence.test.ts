import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { LARGEST_EVIDENCE, sizeOf } from '../../src/procedure/evidence/bounded.ts';
import { waitForRollout } from '../../src/procedure/rollout.ts';
import { StepError } from '../../src/procedure/step-error.ts';
import type { FailureEvidence } from '../../src/domain/tenant/failure-evidence.ts';
import type { PodFault } from '../../simulator/pod-troubles.ts';
import type { TenantApi } from '../../src/openshift/tenant-api.ts';
import type { SimulatedClusters } from '../support/simulated-clusters.ts';
import { openClusters } from '../support/simulated-clusters.ts';

const NAME = 'zync';

let lab: SimulatedClusters;
beforeAll(async () => {
  lab = await openClusters({ timing: { rolloutMs: 150, hookMs: 5, importMs: 5, terminationMs: 500 } });
});
afterAll(() => lab.close());

let count = 0;
async function installed(): Promise<{ api: TenantApi; namespace: string }> {
  const namespace = `tenant-${(count += 1)}`;
  await lab.simulator.install('sim1', namespace);
  await lab.simulator.cluster('sim1').settle();
  return { namespace, api: lab.clusters.open(lab.clusters.tenant('sim1', namespace)) };
}

/** Changes a DeploymentConfig, and returns the failure of the rollout that this starts. */
async function failing(
  api: TenantApi,
  { config = NAME, logs = true }: { readonly config?: string; readonly logs?: boolean } = {},
): Promise<{ readonly message: string; readonly evidence: FailureEvidence }> {
  const changed = await api.patch('deploymentconfigs', config, [
    { op: 'add', path: '/spec/template/metadata/labels/changed', value: 'yes' },
  ]);
  const error: unknown = await waitForRollout(api, changed, { logs, lookEveryMs: 20 }).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof StepError) || !error.evidence) throw new Error('it did not fail with evidence');
  return { message: error.message, evidence: error.evidence };
}

const broken = (namespace: string, pod: PodFault): void =>
  void lab.simulator
    .cluster('sim1')
    .faults.onWork('rollout', { namespace, name: NAME, message: 'took too long', pod });

test('a container that crashes: which pod, which container, how it ended, how often, and what it last printed', async () => {
  const { api, namespace } = await installed();
  const log = ['Starting up', 'PG::ConnectionBad: could not connect to server: Connection refused'];
  broken(namespace, { kind: 'crash-loop', exitCode: 3, log, terminationMessage: 'no database' });
  const { message, evidence } = await failing(api);
  expect(message).toMatch(
    /^dc\/zync: rollout 2 failed: pod\/zync-2-[a-z0-9]{5}, container zync: CrashLoopBackOff, last Error, exit code 3, 4 restarts$/,
  );
  expect(evidence.pods[0]).toMatchObject({
    role: 'application',
    container: 'zync',
    state: 'waiting',
    reason: 'CrashLoopBackOff',
    message: 'no database',
    exitCode: 3,
    restarts: 4,
    log,
  });
  expect(evidence.events).toContainEqual(
    expect.stringMatching(
      /^pod\/zync-2-[a-z0-9]{5} BackOff \(4 times\): Back-off restarting failed container$/,
    ),
  );
  expect(evidence.missing ?? []).toEqual([]);
});

test.each([
  [
    { kind: 'image-pull' },
    /container zync: ImagePullBackOff of \S*zync\S*$/,
    /BackOff \(3 times\): Back-off pulling image/,
  ],
  [
    { kind: 'oom-killed' },
    /container zync: CrashLoopBackOff, last OOMKilled, exit code 137, 4 restarts$/,
    /restarting failed/,
  ],
  [
    { kind: 'never-ready' },
    /container zync: runs, and is not ready$/,
    /Unhealthy \(12 times\): Readiness probe failed/,
  ],
  [
    { kind: 'unschedulable' },
    /pod\/zync-2-\w{5}: Unschedulable: 0\/3 nodes are available: 3 Insufficient memory\.$/,
    /FailedScheduling/,
  ],
] as const)('%j is named as the reason', async (pod, reason, event) => {
  const { api, namespace } = await installed();
  broken(namespace, pod);
  const { message, evidence } = await failing(api);
  expect(message).toMatch(reason);
  expect(evidence.events?.join('\n')).toMatch(event);
});

test('a hook that fails: its pod, its exit code, and what it printed', async () => {
  const { api, namespace } = await installed();
  lab.simulator.cluster('sim1').faults.onWork('hook', {
    namespace,
    name: 'system-app/pre',
    message: 'exit code 1',
    pod: {
      kind: 'crash-loop',
      exitCode: 1,
      log: ['rake aborted!', 'Mysql2::Error: Lock wait timeout exceeded'],
    },
  });
  const { message, evidence } = await failing(api, { config: 'system-app' });
  expect(message).toBe(
    'dc/system-app: rollout 2 failed: the pre-hook’s pod/system-app-2-hook-pre, container lifecycle: Error, exit code 1',
  );
  expect(evidence.pods[0]).toMatchObject({
    role: 'hook',
    hook: 'pre',
    exitCode: 1,
    log: ['rake aborted!', expect.stringContaining('Lock wait timeout exceeded')],
  });
});

test('where the deployer alone fails, it is that which is named, and never what had started it', async () => {
  const { api, namespace } = await installed();
  lab.simulator
    .cluster('sim1')
    .faults.onWork('rollout', { namespace, name: NAME, message: 'update acceptor rejected it' });
  const { message, evidence } = await failing(api);
  expect(message).toBe(
    'dc/zync: rollout 2 failed: the deployer’s pod/zync-2-deploy, container deployment: Error, exit code 1',
  );
  expect(evidence.pods[0]?.log).toEqual(['error: update acceptor rejected it']);
  expect(message).not.toMatch(/(config|image|manual) change/);
});

test('without logs there is none, and the rest is told all the same', async () => {
  const { api, namespace } = await installed();
  broken(namespace, { kind: 'crash-loop', log: ['a line'] });
  const { message, evidence } = await failing(api, { logs: false });
  expect(message).toMatch(/CrashLoopBackOff/);
  expect(JSON.stringify(evidence)).not.toContain('a line');
});

test('what may not be read is named, and is no failure of its own', async () => {
  const { api, namespace } = await installed();
  broken(namespace, { kind: 'crash-loop', log: ['a line'] });
  const refused = { kind: 'status', code: 403, reason: 'Forbidden' } as const;
  for (const path of [/\/log$/, /\/events$/])
    lab.simulator.cluster('sim1').faults.onRequest({ namespace, path }, refused);
  const { message, evidence } = await failing(api);
  expect(message).toMatch(/CrashLoopBackOff/);
  expect(evidence.missing).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^the log of pod\/zync-2-\w+, container \w+: may not be read/),
      expect.stringMatching(/^the events: may not be read/),
    ]),
  );
  expect(evidence.events ?? []).toEqual([]);
});

test('where nobody knows the values, no word of an application is told', async () => {
  const { api, namespace } = await installed();
  broken(namespace, { kind: 'crash-loop', log: ['a line'], terminationMessage: 'a word' });
  lab.simulator
    .cluster('sim1')
    .faults.onRequest(
      { namespace, method: 'GET', path: /\/secrets$/ },
      { kind: 'status', code: 403, reason: 'Forbidden' },
    );
  const { message, evidence } = await failing(api);
  expect(message).toMatch(/CrashLoopBackOff, last Error, exit code 1/);
  expect(JSON.stringify(evidence)).not.toMatch(/a line|a word|Back-off/);
  expect(evidence.missing?.join()).toMatch(
    /Secrets and variables, so that messages, events and logs are left out: may not be read/,
  );
});

test('a log without end stays small, and its end is what is kept', async () => {
  const { api, namespace } = await installed();
  const log = Array.from({ length: 5_000 }, (_, index) => `line ${index} ${'of many words '.repeat(40)}`);
  broken(namespace, { kind: 'crash-loop', log: [...log, 'the last words'] });
  const { evidence } = await failing(api);
  expect(sizeOf(evidence)).toBeLessThanOrEqual(LARGEST_EVIDENCE);
  expect(evidence.pods[0]?.log?.at(-1)).toBe('the last words');
});
