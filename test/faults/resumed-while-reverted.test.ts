/** What somebody resumes while it is being taken back may roll the new version, and migrate: nobody has decided that. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { TenantProgress } from '../../src/domain/tenant/progress.ts';
import { patchObject } from '../support/edit-object.ts';
import { InstalledTenants } from '../support/installed-tenants.ts';
import type { Lab } from '../support/lab.ts';
import { openLab } from '../support/lab.ts';
import { aborted, decided, pausedAfter } from '../support/mid-upgrade.ts';

let lab: Lab;
let tenants: InstalledTenants;
beforeAll(async () => {
  lab = await openLab();
  tenants = new InstalledTenants(lab);
});
afterAll(() => lab.close());

test('dc/system-app is resumed in the middle of an abort, and rolls 2.4: that is said, and a person decides', async () => {
  await tenants.install('resumed');
  const handle = await pausedAfter(lab, 'resumed', 'set-amp-release');
  // Its variable is back by then, and its tag is not: only the image tells.
  const fault = lab.cluster.faults.onRequest(
    { method: 'PATCH', path: /\/namespaces\/resumed\/imagestreams\/amp-system$/ },
    { kind: 'status', code: 403, reason: 'Forbidden' },
  );
  expect(await aborted(handle)).toMatchObject({ state: 'held', pastPointOfNoReturn: false });
  await patchObject(lab, 'resumed', 'deploymentconfigs', 'system-app', [
    { op: 'remove', path: '/spec/paused' },
  ]);
  await lab.cluster.settle();
  fault.remove();
  const held = await decided(handle, 'retry');
  expect(held).toMatchObject({
    state: 'held',
    pastPointOfNoReturn: true,
    held: { stepId: 'verify-reverted', failure: { type: 'AlreadyCrossed' } },
  });
  expect(held.held?.failure.message).toContain('was made of the new version');
  expect(await decided(handle, 'retry')).toMatchObject({
    // As that person decided.
    state: 'reverted',
    pastPointOfNoReturn: true,
    leftovers: [],
  });
}, 120_000);

test('a variable that an operator leaves as it is: nobody has resumed anything, and 2.4 has never run', async () => {
  await tenants.install('left');
  const handle = await pausedAfter(lab, 'left', 'set-amp-release');
  await lab.cluster.settle();
  // The first one turns the claim.
  const allowed = refuse('left', 'system-app', 1);
  expect((await aborted(handle)).held?.stepId).toBe('set-amp-release');
  allowed();
  const end = await decided(handle, 'skip-step', { step: 'set-amp-release' });
  expect(end).toMatchObject({ state: 'aborted', pastPointOfNoReturn: false });
  expect(end.leftovers.join()).toContain('step set-amp-release was not undone');
  // Begun anew, it is staged under a pause, and crosses nothing by itself.
  await lab.cluster.settle();
  const again = await pausedAfter(lab, 'left', 'tag-amp-system');
  expect(await again.query<TenantProgress>('progress')).toMatchObject({ pastPointOfNoReturn: false });
  const api = lab.clusters.open(lab.clusters.tenant('sim1', 'left'));
  expect((await api.get('deploymentconfigs', 'system-app'))?.spec.paused).toBe(true);
}, 120_000);

test('the same, and the tenant is abandoned when dc/system-app has been resumed: 2.4 has never run', async () => {
  await tenants.install('left-so');
  const handle = await pausedAfter(lab, 'left-so', 'set-amp-release');
  await lab.cluster.settle();
  let allowed = refuse('left-so', 'system-app', 1);
  expect((await aborted(handle)).held?.stepId).toBe('set-amp-release');
  allowed();
  allowed = refuse('left-so', 'system-sidekiq', 1);
  const held = await decided(handle, 'skip-step', { step: 'set-amp-release' });
  expect(held.held?.stepId).toBe('pause-rollouts');
  allowed();
  expect(await decided(handle, 'abandon')).toMatchObject({ state: 'abandoned', pastPointOfNoReturn: false });
}, 120_000);

/** Every patch of the DeploymentConfig but the first ones, until the returned function is called. */
function refuse(namespace: string, name: string, after: number): () => void {
  const path = new RegExp(`/namespaces/${namespace}/deploymentconfigs/${name}$`);
  const fault = lab.cluster.faults.onRequest(
    { method: 'PATCH', path, after },
    { kind: 'status', code: 403, reason: 'Forbidden' },
  );
  return () => {
    fault.remove();
  };
}
