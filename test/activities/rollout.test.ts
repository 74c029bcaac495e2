import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { waitForRollout } from '../../src/procedure/rollout.ts';
import { StepError } from '../../src/procedure/step-error.ts';
import type { PodCount } from '../../src/domain/tenant/pod-count.ts';
import type { TenantApi } from '../../src/openshift/tenant-api.ts';
import type { DeploymentConfig } from '../../src/openshift/types.ts';
import type { SimulatedClusters } from '../support/simulated-clusters.ts';
import { openClusters } from '../support/simulated-clusters.ts';

const NAME = 'zync';

let lab: SimulatedClusters;
beforeAll(async () => {
  lab = await openClusters({ timing: { rolloutMs: 300, hookMs: 5, importMs: 5, terminationMs: 5 } });
});
afterAll(() => lab.close());

let count = 0;
async function installed(): Promise<{ api: TenantApi; namespace: string }> {
  const namespace = `tenant-${(count += 1)}`;
  await lab.simulator.install('sim1', namespace);
  await lab.simulator.cluster('sim1').settle();
  return { namespace, api: lab.clusters.open(lab.clusters.tenant('sim1', namespace)) };
}

/** A change of the template, which rolls by itself; as the cluster answers it. */
const change = (api: TenantApi): Promise<DeploymentConfig> =>
  api.patch('deploymentconfigs', NAME, [
    { op: 'add', path: '/spec/template/metadata/labels/changed', value: 'yes' },
  ]);

const refusal = (wait: Promise<unknown>): Promise<unknown> =>
  wait.then(
    () => undefined,
    (error: unknown) => error,
  );

test('the version that a change made runs, and one watch was enough to see it', async () => {
  const { api, namespace } = await installed();
  const { audit } = lab.simulator.cluster('sim1');
  const changed = await change(api);
  audit.clear();
  expect(await waitForRollout(api, changed, {})).toBe(2);
  expect(audit.requests(namespace).reads).toBeLessThanOrEqual(5);
});

test('what runs already is seen without a watch', async () => {
  const { api, namespace } = await installed();
  const config = await api.get('deploymentconfigs', NAME);
  if (!config) throw new Error('it is not there');
  const { audit } = lab.simulator.cluster('sim1');
  audit.clear();
  expect(await waitForRollout(api, config, {})).toBe(1);
  expect(audit.requests(namespace)).toEqual({ reads: 1, writes: 0 });
});

test('somebody who pauses it meanwhile is noticed', async () => {
  const { api } = await installed();
  const changed = await change(api);
  const waiting = refusal(waitForRollout(api, changed, {}));
  await api.patch('deploymentconfigs', NAME, [{ op: 'add', path: '/spec/paused', value: true }]);
  expect(await waiting).toMatchObject({ type: 'EditedByOthers' });
});

test('somebody who deletes it meanwhile is noticed', async () => {
  const { api } = await installed();
  const changed = await change(api);
  const waiting = refusal(waitForRollout(api, changed, {}));
  await api.delete('deploymentconfigs', NAME);
  expect(await waiting).toMatchObject({ type: 'NotFound' });
});

test('a rollout that fails is an error, with the reason', async () => {
  const { api, namespace } = await installed();
  const message = 'crash loop';
  lab.simulator.cluster('sim1').faults.onWork('rollout', { namespace, name: NAME, message, times: 1 });
  const error = await refusal(waitForRollout(api, await change(api), {}));
  expect(error).toBeInstanceOf(StepError);
  expect(error).toMatchObject({ type: 'RolloutFailed' });
});

test('a rollout that an earlier attempt made and that failed is started once more, and only once', async () => {
  const { api, namespace } = await installed();
  const { audit, faults } = lab.simulator.cluster('sim1');
  faults.onWork('rollout', { namespace, name: NAME, message: 'crash loop', times: 1 });
  await refusal(waitForRollout(api, await change(api), {}));
  const failed = await api.get('deploymentconfigs', NAME);
  if (!failed) throw new Error('it is not there');
  audit.clear();
  expect(await waitForRollout(api, failed, { retryUpTo: 2 })).toBe(3);
  expect(audit.requests(namespace).writes).toBe(1);
});

test('somebody who pauses it right before it is started once more is named, not the words of the refusal', async () => {
  const { api, namespace } = await installed();
  const { faults } = lab.simulator.cluster('sim1');
  faults.onWork('rollout', { namespace, name: NAME, message: 'crash loop', times: 1 });
  await refusal(waitForRollout(api, await change(api), {}));
  const failed = await api.get('deploymentconfigs', NAME);
  if (!failed) throw new Error('it is not there');
  // The request is on its way when it is paused.
  faults.onRequest({ method: 'POST', path: /instantiate$/, namespace }, { kind: 'latency', ms: 300 });
  const waiting = refusal(waitForRollout(api, failed, { retryUpTo: 2 }));
  await new Promise((resolve) => setTimeout(resolve, 100));
  await api.patch('deploymentconfigs', NAME, [{ op: 'add', path: '/spec/paused', value: true }]);
  expect(await waiting).toMatchObject({
    type: 'EditedByOthers',
    message: `dc/${NAME} is paused, and not by this upgrade`,
  });
});

test('how far it is is told on the way', async () => {
  const { api } = await installed();
  const config = await api.get('deploymentconfigs', NAME);
  const told: PodCount[] = [];
  await waitForRollout(api, await change(api), { rolls: (pods) => told.push(pods) });
  const wanted = config?.spec.replicas ?? 0;
  expect(told.at(-1)).toEqual({ name: NAME, ready: wanted, wanted });
});
