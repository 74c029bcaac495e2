/** Issue 12, faults 1, 8 and 10: tenants that were left as they were, and are begun anew. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { compareSnapshots, takeSnapshot } from '../../src/cli/demo/snapshot.ts';
import { patchObject } from '../support/edit-object.ts';
import type { Lab } from '../support/lab.ts';
import { openLab, settled, until } from '../support/lab.ts';
import { aborted, decided, pausedAfter } from '../support/mid-upgrade.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await openLab();
});
afterAll(() => lab.close());

const apiOf = (namespace: string) => lab.clusters.open(lab.clusters.tenant('sim1', namespace));
const SOMEBODY = 'somebody has resumed it';

/** Found half upgraded, and aborted while it is being backed up: nothing was written. */
async function abortedInBackUp(namespace: string) {
  const slow = lab.cluster.faults.onRequest(
    { method: 'POST', path: new RegExp(`/namespaces/${namespace}/secrets$`) },
    { kind: 'latency', ms: 600_000 },
  );
  const list = lab.cluster.faults.onRequest(
    { method: 'GET', path: new RegExp(`/namespaces/${namespace}/secrets/threescale-upgrade-backup-`) },
    { kind: 'latency', ms: 4_000 },
  );
  const handle = await lab.start(namespace);
  await until(handle, () => list.hits > 0);
  await handle.signal('abort', { by: 'test', why: 'withdrawn' });
  list.remove();
  const end = await settled(handle);
  slow.remove();
  return end;
}

test('half upgraded by hand, and aborted before its backup was made: aborted, as nothing was touched', async () => {
  await lab.simulator.install('sim1', 'by-hand');
  await patchObject(lab, 'by-hand', 'deploymentconfigs', 'system-memcache', [
    {
      op: 'replace',
      path: '/spec/template/spec/containers/0/image',
      value: 'registry.access.redhat.com/3scale-amp20/memcached',
    },
  ]);
  await lab.cluster.settle();
  const before = takeSnapshot(lab.cluster, 'by-hand');
  const end = await abortedInBackUp('by-hand');
  expect(compareSnapshots(before, takeSnapshot(lab.cluster, 'by-hand'))).toEqual([]);
  expect(end).toMatchObject({ state: 'aborted', leftovers: [] });
});

test('abandoned while staged, begun anew, and aborted before the backup was found: aborted, as nothing was touched', async () => {
  await lab.simulator.install('sim1', 'left');
  const handle = await pausedAfter(lab, 'left', 'tag-amp-zync');
  await handle.terminate('left');
  const before = takeSnapshot(lab.cluster, 'left');
  const end = await abortedInBackUp('left');
  expect(compareSnapshots(before, takeSnapshot(lab.cluster, 'left'))).toEqual([]);
  expect(end.state).toBe('aborted');
  expect(end.leftovers.join()).toContain('dc/zync is left paused');
});

test('terminated in the middle of a revert past the point of no return, and begun anew: nobody is told to have resumed anything', async () => {
  await lab.simulator.install('sim1', 'back-and-forth');
  const fails = lab.cluster.faults.onWork('rollout', {
    namespace: 'back-and-forth',
    name: 'system-sidekiq',
    message: 'no',
  });
  const handle = await lab.start('back-and-forth');
  await settled(handle);
  fails();
  const forbidden = lab.cluster.faults.onRequest(
    { method: 'PATCH', path: /\/namespaces\/back-and-forth\/deploymentconfigs\/system-memcache/ },
    { kind: 'status', code: 403, reason: 'Forbidden' },
  );
  const held = await decided(handle, 'revert', { confirm: 'back-and-forth' });
  expect(held.state).toBe('held');
  await handle.terminate('forgotten');
  forbidden.remove();
  const progress = await lab.upgrade('back-and-forth');
  expect(JSON.stringify(progress)).not.toContain(SOMEBODY);
  expect(progress).toMatchObject({ state: 'upgraded', pastPointOfNoReturn: true });
});

test('upgraded, one image put back as it was, and begun anew: it is upgraded, and nobody is told to have resumed anything', async () => {
  await lab.simulator.install('sim1', 'put-back');
  const image = (await apiOf('put-back').get('deploymentconfigs', 'system-memcache'))?.spec.template.spec
    .containers[0]?.image;
  expect((await lab.upgrade('put-back')).state).toBe('upgraded');
  await patchObject(lab, 'put-back', 'deploymentconfigs', 'system-memcache', [
    { op: 'replace', path: '/spec/template/spec/containers/0/image', value: image },
  ]);
  await lab.cluster.settle();
  const progress = await lab.upgrade('put-back');
  expect(JSON.stringify(progress)).not.toContain(SOMEBODY);
  expect(progress.state).toBe('upgraded');
});

test('terminated when all was done but the last look, and begun anew: upgraded, and no claim is left', async () => {
  await lab.simulator.install('sim1', 'last-look');
  const slow = lab.cluster.faults.onRequest(
    { method: 'GET', path: /\/namespaces\/last-look\/routes$/, after: 0 },
    { kind: 'latency', ms: 300 },
  );
  const handle = await pausedAfter(lab, 'last-look', 'delete-old-master-route');
  await handle.terminate('forgotten');
  slow.remove();
  const progress = await lab.upgrade('last-look');
  expect(progress.state).toBe('upgraded');
  const app = await apiOf('last-look').get('deploymentconfigs', 'system-app');
  const marks = Object.keys(app?.metadata.annotations ?? {}).filter((key) =>
    key.startsWith('threescale-upgrade/'),
  );
  expect([...marks, ...progress.leftovers]).toEqual([]);
});

test('the claim could not be made, and it is abandoned: it says that the backup is left', async () => {
  await lab.simulator.install('sim1', 'no-claim');
  const forbidden = lab.cluster.faults.onRequest(
    { method: 'PATCH', path: /\/namespaces\/no-claim\/deploymentconfigs\/system-app/ },
    { kind: 'status', code: 403, reason: 'Forbidden' },
  );
  const handle = await lab.start('no-claim', { onFailure: 'hold' });
  expect((await settled(handle)).state).toBe('held');
  const end = await decided(handle, 'abandon');
  forbidden.remove();
  const backups = (await apiOf('no-claim').list('secrets')).filter(({ metadata }) =>
    metadata.name.startsWith('threescale-upgrade-backup-'),
  );
  expect(end.state).toBe('abandoned');
  for (const { metadata } of backups) expect(end.leftovers.join()).toContain(metadata.name);
});

test('the old route is edited before the new one is made: the new one, which nobody has edited, is not told to be edited', async () => {
  await lab.simulator.install('sim1', 'old-route');
  const handle = await pausedAfter(lab, 'old-route', 'pause-rollouts');
  await patchObject(lab, 'old-route', 'routes', 'system-master-admin', [
    {
      op: 'add',
      path: '/spec/tls',
      value: { termination: 'edge', insecureEdgeTerminationPolicy: 'Redirect' },
    },
  ]);
  await handle.signal('resume', { by: 'test', why: 'go on' });
  await until(handle, ({ steps }) =>
    steps.some(({ id, status }) => id === 'tag-amp-system' && status !== 'pending'),
  );
  const held = await aborted(handle);
  expect(JSON.stringify(held)).not.toContain('route/system-master: ');
  expect(held.held?.failure.message ?? '').toContain('route/system-master-admin');
});

test('what stands half done and cannot go on is blocked, and each thing that is left is named; put right, it goes on', async () => {
  await lab.simulator.install('sim1', 'half-blocked');
  const handle = await pausedAfter(lab, 'half-blocked', 'tag-amp-zync', { onFailure: 'hold' });
  await handle.terminate('Temporal has forgotten it');
  const api = lab.clusters.open(lab.clusters.tenant('sim1', 'half-blocked'));
  const host = (await api.get('routes', 'system-master'))?.spec.host;
  const setHost = (value: string | undefined) =>
    api.patch('routes', 'system-master', [{ op: 'replace', path: '/spec/host', value }]);
  await setHost('elsewhere.example.test');
  const blocked = await lab.upgrade('half-blocked');
  expect(blocked.state).toBe('blocked');
  expect(blocked.findings.map(({ check }) => check)).toContain('left-half-done');
  const left = blocked.leftovers.join('\n');
  for (const name of ['system-app', 'zync', 'system-resque'])
    expect(left).toContain(`dc/${name} is left paused`);
  expect(left).toMatch(/secret\/threescale-upgrade-backup-\S+ is left: the backup/);
  await setHost(host);
  expect((await lab.upgrade('half-blocked')).state).toBe('upgraded');
});
