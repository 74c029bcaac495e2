/** Issue 12, fault 8: Temporal's history is older than the cluster; the cluster is believed. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { compareSnapshots, takeSnapshot } from '../../src/cli/demo/snapshot.ts';
import { backupSecretName, earlierBackupName } from '../../src/domain/tenant/backup-name.ts';
import { patchObject } from '../support/edit-object.ts';
import { InstalledTenants } from '../support/installed-tenants.ts';
import type { Lab } from '../support/lab.ts';
import { openLab, settled } from '../support/lab.ts';
import { aborted, decided, pausedAfter, resumed } from '../support/mid-upgrade.ts';
import { resetBefore } from '../support/reset.ts';

let lab: Lab;
let tenants: InstalledTenants;
beforeAll(async () => {
  lab = await openLab();
  tenants = new InstalledTenants(lab);
});
afterAll(() => lab.close());

const rolloutsOf = (namespace: string) => Object.values(tenants.rollouts(namespace));
const backupsIn = async (namespace: string) =>
  (await lab.clusters.open(lab.clusters.tenant('sim1', namespace)).list('secrets')).filter(({ metadata }) =>
    metadata.name.startsWith('threescale-upgrade-backup-'),
  );

test.each(['verifyStaged', 'pauseRollouts', 'backUpTenant', 'checkTenant'])(
  'an upgraded tenant whose workflow is reset to before %s: it is upgraded still, and nothing is written',
  async (activity) => {
    const namespace = `upgraded-${activity.toLowerCase()}`;
    await tenants.install(namespace);
    const handle = await lab.start(namespace);
    expect((await settled(handle)).state).toBe('upgraded');
    await lab.cluster.settle();
    const before = takeSnapshot(lab.cluster, namespace);
    const progress = await settled(await resetBefore(lab, handle, activity));
    expect(progress.state).toBe('upgraded');
    await lab.cluster.settle();
    expect(compareSnapshots(before, takeSnapshot(lab.cluster, namespace))).toEqual([]);
    expect(rolloutsOf(namespace)).toEqual(Array.from({ length: 10 }, () => 1));
    expect(await backupsIn(namespace)).toHaveLength(1);
  },
);

test('an upgraded tenant whose kept backup was deleted, reset to before backUpTenant: upgraded still, and never paused again', async () => {
  await tenants.install('kept-no-more');
  const handle = await lab.start('kept-no-more');
  expect((await settled(handle)).state).toBe('upgraded');
  await lab.cluster.settle();
  const api = lab.clusters.open(lab.clusters.tenant('sim1', 'kept-no-more'));
  for (const { metadata } of await backupsIn('kept-no-more')) await api.delete('secrets', metadata.name);
  const before = takeSnapshot(lab.cluster, 'kept-no-more');
  const progress = await settled(await resetBefore(lab, handle, 'backUpTenant'));
  expect(progress).toMatchObject({ state: 'upgraded', pastPointOfNoReturn: true });
  await lab.cluster.settle();
  const changed = compareSnapshots(before, takeSnapshot(lab.cluster, 'kept-no-more'));
  expect(changed.filter((name) => !name.startsWith('Secret/threescale-upgrade-backup-'))).toEqual([]);
  expect(rolloutsOf('kept-no-more')).toEqual(Array.from({ length: 10 }, () => 1));
});

test('past the point of no return, its backup deleted, reset to before backUpTenant: held, and not reverted by policy', async () => {
  await tenants.install('past-and-gone');
  const fails = lab.cluster.faults.onWork('rollout', {
    namespace: 'past-and-gone',
    name: 'system-sidekiq',
    message: 'no',
  });
  const handle = await lab.start('past-and-gone', { onFailure: 'revert' });
  expect((await settled(handle)).state).toBe('held');
  const api = lab.clusters.open(lab.clusters.tenant('sim1', 'past-and-gone'));
  for (const { metadata } of await backupsIn('past-and-gone')) await api.delete('secrets', metadata.name);
  fails();
  const held = await settled(await resetBefore(lab, handle, 'backUpTenant'));
  expect(held).toMatchObject({ state: 'held', pastPointOfNoReturn: true, held: { stepId: 'back-up' } });
  expect(await backupsIn('past-and-gone')).toEqual([]);
});

test.each(['verifyStaged', 'pauseRollouts', 'backUpTenant'])(
  'past the point of no return, reset to before %s: never reverted by policy; it goes on where the cluster stands',
  async (activity) => {
    const namespace = `past-${activity.toLowerCase()}`;
    await tenants.install(namespace);
    const fails = lab.cluster.faults.onWork('rollout', { namespace, name: 'system-sidekiq', message: 'no' });
    const handle = await lab.start(namespace, { onFailure: 'revert' });
    expect((await settled(handle)).state).toBe('held');
    const rewound = await resetBefore(lab, handle, activity);
    const held = await settled(rewound);
    expect(held).toMatchObject({ state: 'held', pastPointOfNoReturn: true });
    fails();
    expect((await decided(rewound, 'retry')).state).toBe('upgraded');
    expect(tenants.rollouts(namespace)['system-app']).toBe(1);
    expect(await backupsIn(namespace)).toHaveLength(1);
  },
);

test('forgotten altogether in mid-switch and started anew: the backup of its start is taken up, and undoes all', async () => {
  const before = await tenants.install('forgotten');
  const handle = await pausedAfter(lab, 'forgotten', 'roll-out-zync');
  await handle.terminate('forgotten');
  const again = await pausedAfter(lab, 'forgotten', 'tag-amp-system');
  expect(await backupsIn('forgotten')).toHaveLength(1);
  expect((await aborted(again)).state).toBe('aborted');
  await lab.cluster.settle();
  const changed = compareSnapshots(before, takeSnapshot(lab.cluster, 'forgotten'));
  expect(changed.filter((name) => !name.startsWith('ReplicationController/'))).toEqual([]);
});

test('forgotten altogether, started anew and left alone: upgraded, each DeploymentConfig rolled once', async () => {
  await tenants.install('anew');
  const handle = await pausedAfter(lab, 'anew', 'roll-out-zync');
  await handle.terminate('forgotten');
  expect((await lab.upgrade('anew')).state).toBe('upgraded');
  expect(rolloutsOf('anew')).toEqual(Array.from({ length: 10 }, () => 1));
});

test('a run that found all upgraded is taken back from the backup of the run that upgraded it', async () => {
  const before = await tenants.install('taken-back');
  expect((await lab.upgrade('taken-back')).state).toBe('upgraded');
  const again = await lab.start('taken-back');
  const found = await settled(again);
  const [backup] = await backupsIn('taken-back');
  expect(found).toMatchObject({ state: 'upgraded', backupSecret: backup?.metadata.name });
  const takeBack = { backup: backupSecretName((await again.describe()).runId) };
  expect((await lab.upgrade('taken-back', { takeBack })).state).toBe('reverted');
  await lab.cluster.settle();
  const changed = compareSnapshots(before, takeSnapshot(lab.cluster, 'taken-back'));
  // What was deleted is there again, as another object.
  const recreated = /^(ReplicationController|DeploymentConfig\/system-resque|Route\/system-master-admin)/;
  expect(changed.filter((name) => !recreated.test(name))).toEqual([]);
  expect(await backupsIn('taken-back')).toEqual([]);
});

test('an upgrade that began under an earlier release, by a short name and without a claim, goes on and goes back', async () => {
  await tenants.install('earlier');
  const handle = await pausedAfter(lab, 'earlier', 'tag-amp-system');
  const api = lab.clusters.open(lab.clusters.tenant('sim1', 'earlier'));
  const [backup] = await backupsIn('earlier');
  const name = backup?.metadata.name ?? '';
  const { data = {} } = (await api.get('secrets', name)) ?? {};
  await api.create('secrets', { metadata: { name: earlierBackupName(name) ?? '' }, data });
  await api.delete('secrets', name);
  await patchObject(lab, 'earlier', 'deploymentconfigs', 'system-app', [
    { op: 'remove', path: '/metadata/annotations/threescale-upgrade~1claim' },
  ]);
  expect((await resumed(handle)).state).toBe('upgraded');
  expect(rolloutsOf('earlier')).toEqual(Array.from({ length: 10 }, () => 1));
});

test.each(['verifyStaged', 'pauseRollouts', 'backUpTenant'])(
  'in mid-switch, before the point of no return, reset to before %s: nobody is said to have resumed anything',
  async (activity) => {
    const namespace = `switching-${activity.toLowerCase()}`;
    await tenants.install(namespace);
    const handle = await pausedAfter(lab, namespace, 'roll-out-zync');
    const rewound = await resetBefore(lab, handle, activity);
    await rewound.signal('resume', { by: 'test', why: 'to see it' });
    const progress = await settled(rewound);
    expect(progress).toMatchObject({ state: 'upgraded', leftovers: [] });
    expect(rolloutsOf(namespace)).toEqual(Array.from({ length: 10 }, () => 1));
  },
);
