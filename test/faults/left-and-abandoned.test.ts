/** An abandoned tenant is looked at: what an operator has left as it is tells of no new version, there as in the comparison. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
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

test('a variable that was left, then abandoned where something cannot be resumed: 2.4 has never run', async () => {
  await tenants.install('left');
  const handle = await pausedAfter(lab, 'left', 'set-amp-release');
  const fault = lab.cluster.faults.onRequest(
    // The first one turns the claim.
    { method: 'PATCH', path: /\/namespaces\/left\/deploymentconfigs\/system-app$/, after: 1 },
    { kind: 'status', code: 403, reason: 'Forbidden' },
  );
  expect((await aborted(handle)).held?.stepId).toBe('set-amp-release');
  fault.remove();
  lab.cluster.faults.onRequest(
    { method: 'PATCH', path: /\/namespaces\/left\/deploymentconfigs\/apicast-staging$/ },
    { kind: 'status', code: 403, reason: 'Forbidden' },
  );
  const held = await decided(handle, 'skip-step', { step: 'set-amp-release' });
  expect(held).toMatchObject({ state: 'held', pastPointOfNoReturn: false });
  const end = await decided(handle, 'abandon');
  expect(end).toMatchObject({ state: 'abandoned', pastPointOfNoReturn: false });
}, 120_000);
