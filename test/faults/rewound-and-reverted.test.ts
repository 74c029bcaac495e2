/** Issue 12, fault 8, once more: history is older than the cluster, and it is to be taken back. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { compareSnapshots, takeSnapshot } from '../../src/cli/demo/snapshot.ts';
import { patchObject } from '../support/edit-object.ts';
import { InstalledTenants } from '../support/installed-tenants.ts';
import type { Lab } from '../support/lab.ts';
import { openLab, settled } from '../support/lab.ts';
import { aborted, pausedAfter } from '../support/mid-upgrade.ts';
import { resetBefore } from '../support/reset.ts';

let lab: Lab;
let tenants: InstalledTenants;
beforeAll(async () => {
  lab = await openLab();
  tenants = new InstalledTenants(lab);
});
afterAll(() => lab.close());

/** All but the last of it: what comes after may roll before a pause is heard. */
const STAGED = 'set-sidekiq-threads';

test.each(['backUpTenant', 'createRoute', 'tagImageStream'])(
  'a staged tenant whose workflow is reset to before %s, and aborted: all that was staged is taken back, and nothing rolls',
  async (activity) => {
    const namespace = `staged-${activity.toLowerCase()}`;
    const before = await tenants.install(namespace);
    const handle = await pausedAfter(lab, namespace, STAGED);
    // The pause is heard again by the run that is rewound.
    const end = await aborted(await resetBefore(lab, handle, activity));
    await lab.cluster.settle();
    expect(tenants.rollouts(namespace)).toEqual({});
    expect(end).toMatchObject({ state: 'aborted', leftovers: [] });
    const changed = compareSnapshots(before, takeSnapshot(lab.cluster, namespace));
    expect(changed.filter((name) => !name.startsWith('ReplicationController/'))).toEqual([]);
  },
);

test('a tenant that is held in the middle of a revert, whose workflow is reset to before the images were tagged: nothing rolls', async () => {
  const before = await tenants.install('mid-revert');
  const handle = await pausedAfter(lab, 'mid-revert', STAGED);
  const fault = lab.cluster.faults.onRequest(
    { method: 'PATCH', path: /\/namespaces\/mid-revert\/deploymentconfigs\/system-memcache/ },
    { kind: 'status', code: 403, reason: 'Forbidden' },
  );
  expect((await aborted(handle)).state).toBe('held');
  fault.remove();
  const rewound = await resetBefore(lab, handle, 'tagImageStream');
  const end = await settled(rewound);
  await lab.cluster.settle();
  expect(tenants.rollouts('mid-revert')).toEqual({});
  expect(['aborted', 'reverted']).toContain(end.state);
  const changed = compareSnapshots(before, takeSnapshot(lab.cluster, 'mid-revert'));
  expect(changed.filter((name) => !name.startsWith('ReplicationController/'))).toEqual([]);
});

test('dc/system-app is deleted and made again by somebody while staged, and rolls the new images: that is past the point of no return', async () => {
  await tenants.install('made-again');
  const handle = await pausedAfter(lab, 'made-again', STAGED);
  const api = lab.clusters.open(lab.clusters.tenant('sim1', 'made-again'));
  const app = await api.get('deploymentconfigs', 'system-app');
  if (!app) throw new Error('dc/system-app is not there');
  await api.delete('deploymentconfigs', 'system-app', { propagationPolicy: 'Background' });
  await lab.cluster.settle();
  const { paused: _paused, ...spec } = app.spec;
  await api.create('deploymentconfigs', {
    metadata: { name: 'system-app', labels: app.metadata.labels ?? {} },
    spec,
  });
  await lab.cluster.settle();
  // It has migrated the database.
  expect(tenants.rollouts('made-again')['system-app']).toBe(1);
  const held = await aborted(handle);
  expect(held).toMatchObject({
    state: 'held',
    pastPointOfNoReturn: true,
    held: { failure: { type: 'AlreadyCrossed' } },
  });
});

test('dc/system-app loses its image triggers before its images are tagged: it is not told to be upgraded on the old images', async () => {
  await tenants.install('untriggered');
  const handle = await pausedAfter(lab, 'untriggered', 'create-master-route', { onFailure: 'hold' });
  await patchObject(lab, 'untriggered', 'deploymentconfigs', 'system-app', [
    { op: 'replace', path: '/spec/triggers', value: [{ type: 'ConfigChange' }] },
  ]);
  await lab.cluster.settle();
  await handle.signal('resume', { by: 'test', why: 'go on' });
  const progress = await settled(handle);
  expect(progress).toMatchObject({ state: 'held', pastPointOfNoReturn: false });
});
