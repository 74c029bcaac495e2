/** What somebody resumes while it is being taken back may roll the new version, and migrate: nobody has decided that. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
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
  const fault = lab.cluster.faults.onRequest(
    // The first one turns the claim.
    { method: 'PATCH', path: /\/namespaces\/left\/deploymentconfigs\/system-app$/, after: 1 },
    { kind: 'status', code: 403, reason: 'Forbidden' },
  );
  expect((await aborted(handle)).held?.stepId).toBe('set-amp-release');
  fault.remove();
  const end = await decided(handle, 'skip-step', { step: 'set-amp-release' });
  expect(end).toMatchObject({ state: 'aborted', pastPointOfNoReturn: false });
  expect(end.leftovers.join()).toContain('step set-amp-release was not undone');
}, 120_000);
