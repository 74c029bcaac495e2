/** Issue 12, fault 10: what an operator has decided about what is staged holds right before the crossing too. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { patchObject } from '../support/edit-object.ts';
import type { Lab } from '../support/lab.ts';
import { openLab, until } from '../support/lab.ts';
import { decided, pausedAfter, resumed } from '../support/mid-upgrade.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await openLab();
});
afterAll(() => lab.close());

const resume = (namespace: string) =>
  patchObject(lab, namespace, 'deploymentconfigs', 'system-sphinx', [{ op: 'remove', path: '/spec/paused' }]);

test('resumed before it is verified, and the verification skipped: it goes on with what rolls', async () => {
  await lab.simulator.install('sim1', 'goes-on');
  const handle = await pausedAfter(lab, 'goes-on', 'tag-amp-zync', { onFailure: 'hold' });
  await resume('goes-on');
  await lab.cluster.settle();
  expect(await resumed(handle)).toMatchObject({ state: 'held', held: { stepId: 'verify-staged' } });
  expect((await decided(handle, 'skip-step', { step: 'verify-staged' })).state).toBe('upgraded');
});

test('a DeploymentConfig that is gone, and the verification skipped: it goes on until that one rolls', async () => {
  await lab.simulator.install('sim1', 'one-gone');
  const handle = await pausedAfter(lab, 'one-gone', 'tag-amp-zync', { onFailure: 'hold' });
  const api = lab.clusters.open(lab.clusters.tenant('sim1', 'one-gone'));
  await api.delete('deploymentconfigs', 'system-sphinx', { propagationPolicy: 'Background' });
  const held = await resumed(handle);
  expect(held).toMatchObject({ state: 'held', held: { stepId: 'verify-staged' } });
  expect(held.held?.failure.message).toContain('dc/system-sphinx is not there');
  const next = await decided(handle, 'skip-step', { step: 'verify-staged' });
  expect(next).toMatchObject({ state: 'held', held: { stepId: 'roll-out-system-sphinx' } });
});

test('an old route that is edited, and the verification skipped: it goes on until that one is to be deleted', async () => {
  await lab.simulator.install('sim1', 'one-edited');
  const handle = await pausedAfter(lab, 'one-edited', 'tag-amp-zync', { onFailure: 'hold' });
  await patchObject(lab, 'one-edited', 'routes', 'system-master-admin', [
    { op: 'add', path: '/spec/path', value: '/admin' },
  ]);
  expect(await resumed(handle)).toMatchObject({ state: 'held', held: { stepId: 'verify-staged' } });
  const next = await decided(handle, 'skip-step', { step: 'verify-staged' });
  expect(next).toMatchObject({ state: 'held', held: { stepId: 'delete-old-master-route' } });
  expect(next.held?.failure.message).toContain('route/system-master-admin: spec.path');
});

test('resumed after it was verified, and paused again: a retry goes on', async () => {
  await lab.simulator.install('sim1', 'paused-again');
  const handle = await pausedAfter(lab, 'paused-again', 'verify-staged', { onFailure: 'hold' });
  await resume('paused-again');
  await lab.cluster.settle();
  const held = await resumed(handle);
  expect(held).toMatchObject({ state: 'held', held: { stepId: 'roll-out-system-app' } });
  await until(handle, ({ state }) => state === 'held');
  await patchObject(lab, 'paused-again', 'deploymentconfigs', 'system-sphinx', [
    { op: 'add', path: '/spec/paused', value: true },
  ]);
  expect((await decided(handle, 'retry')).state).toBe('upgraded');
});
