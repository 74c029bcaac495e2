/** Issue 12, faults 9 and 10: what somebody does to a tenant that stands staged. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { compareSnapshots, takeSnapshot } from '../../src/cli/demo/snapshot.ts';
import { patchObject } from '../support/edit-object.ts';
import { InstalledTenants } from '../support/installed-tenants.ts';
import type { Lab } from '../support/lab.ts';
import { openLab, until } from '../support/lab.ts';
import { aborted, decided, pausedAfter, resumed } from '../support/mid-upgrade.ts';

let lab: Lab;
let tenants: InstalledTenants;
beforeAll(async () => {
  lab = await openLab();
  tenants = new InstalledTenants(lab);
});
afterAll(() => lab.close());

const resume = (namespace: string, name: string) =>
  patchObject(lab, namespace, 'deploymentconfigs', name, [{ op: 'remove', path: '/spec/paused' }]);

test('latest is put back while it stands staged: the point of no return is not crossed, and it is reverted', async () => {
  const before = await tenants.install('put-back');
  const handle = await pausedAfter(lab, 'put-back', 'verify-staged');
  const api = lab.clusters.open(lab.clusters.tenant('sim1', 'put-back'));
  const stream = await api.get('imagestreams', 'amp-system');
  const index = (stream?.spec.tags ?? []).findIndex(({ name }) => name === 'latest');
  await api.patch('imagestreams', 'amp-system', [
    { op: 'replace', path: `/spec/tags/${index}/from/name`, value: '2.3.0' },
  ]);
  await lab.cluster.settle();
  const progress = await resumed(handle);
  expect(progress).toMatchObject({ state: 'reverted', pastPointOfNoReturn: false });
  expect(tenants.rollouts('put-back')['system-app']).toBeUndefined();
  await lab.cluster.settle();
  const changed = compareSnapshots(before, takeSnapshot(lab.cluster, 'put-back'));
  expect(changed.filter((name) => !name.startsWith('ReplicationController/'))).toEqual([]);
});

test('a DeploymentConfig that somebody resumes while it is staged is noticed; the revert leaves no mark on it', async () => {
  await tenants.install('resumed');
  const handle = await pausedAfter(lab, 'resumed', 'tag-amp-zync');
  await resume('resumed', 'zync');
  await lab.cluster.settle();
  const progress = await resumed(handle);
  expect(progress.state).toBe('reverted');
  expect(JSON.stringify(progress)).toContain('dc/zync is not paused any more: somebody has resumed it');
  const api = lab.clusters.open(lab.clusters.tenant('sim1', 'resumed'));
  const zync = await api.get('deploymentconfigs', 'zync');
  expect(
    Object.keys(zync?.metadata.annotations ?? {}).filter((key) => key.startsWith('threescale-upgrade/')),
  ).toEqual([]);
});

test('system-app resumed by somebody while staged: that is past the point of no return, whatever history says', async () => {
  await tenants.install('migrated');
  const handle = await pausedAfter(lab, 'migrated', 'verify-staged');
  await resume('migrated', 'system-app');
  await lab.cluster.settle();
  // The abort of an operator who does not know of it.
  const held = await aborted(handle);
  expect(held).toMatchObject({
    state: 'held',
    pastPointOfNoReturn: true,
    held: { failure: { type: 'AlreadyCrossed' } },
  });
  expect(held.held?.failure.message).toContain('rc/system-app-2');
  const end = await decided(handle, 'retry');
  expect(end.state).toBe('upgraded');
  expect(tenants.rollouts('migrated')['system-app']).toBe(1);
});

test('the same under the policy revert: held, never taken back but at an operator’s confirmed word', async () => {
  const before = await tenants.install('healed');
  const handle = await pausedAfter(lab, 'healed', 'tag-amp-apicast');
  await resume('healed', 'system-app');
  await lab.cluster.settle();
  const held = await resumed(handle);
  expect(held).toMatchObject({ state: 'held', pastPointOfNoReturn: true });
  await expect(decided(handle, 'revert')).rejects.toThrow();
  expect((await decided(handle, 'revert', { confirm: 'healed' })).state).toBe('reverted');
  await lab.cluster.settle();
  const changed = compareSnapshots(before, takeSnapshot(lab.cluster, 'healed'));
  expect(changed.filter((name) => !name.startsWith('ReplicationController/'))).toEqual([]);
});

test('system-app is resumed by somebody while the tenant is held, and that is abandoned: it says that 2.4 has run', async () => {
  await tenants.install('abandoned');
  const fault = lab.cluster.faults.onRequest(
    { method: 'PATCH', path: /\/namespaces\/abandoned\/imagestreams\/amp-zync$/ },
    { kind: 'status', code: 403, reason: 'Forbidden' },
  );
  const handle = await lab.start('abandoned', { onFailure: 'hold' });
  await until(handle, ({ state }) => state === 'held');
  fault.remove();
  await lab.cluster.settle();
  await resume('abandoned', 'system-app');
  await lab.cluster.settle();
  const progress = await decided(handle, 'abandon');
  expect(progress).toMatchObject({ state: 'abandoned', pastPointOfNoReturn: true });
  expect(JSON.stringify(progress.journal)).toContain('rc/system-app-2');
});

test.each([
  ['deploymentconfigs', 'system-resque', 'dc/system-resque'],
  ['routes', 'system-master-admin', 'route/system-master-admin'],
] as const)(
  'somebody deletes %s/%s while it is staged, and it is aborted: held, it is named, and not made again',
  async (resource, name, object) => {
    const namespace = `deleted-${resource}`;
    await tenants.install(namespace);
    const handle = await pausedAfter(lab, namespace, 'set-sidekiq-threads');
    const api = lab.clusters.open(lab.clusters.tenant('sim1', namespace));
    const before = await api.get(resource, name);
    await api.delete(resource, name, resource === 'routes' ? {} : { propagationPolicy: 'Background' });
    await lab.cluster.settle();
    const held = await aborted(handle);
    expect(held.state).toBe('held');
    expect(held.held?.failure.message).toContain(object);
    expect(await api.get(resource, name)).toBeUndefined();
    const { metadata = { name }, spec } = before ?? {};
    const { paused: _paused, ...rest } = (spec ?? {}) as { paused?: boolean };
    await api.create(resource, { metadata: { name, labels: metadata.labels ?? {} }, spec: rest } as never);
    await lab.cluster.settle();
    await decided(handle, 'retry');
    expect((await until(handle, ({ endedAt }) => endedAt !== undefined)).leftovers).toEqual([]);
    expect(tenants.rollouts(namespace)['system-app']).toBeUndefined();
  },
);
