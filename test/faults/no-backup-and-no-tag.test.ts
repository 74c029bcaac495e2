/** Issue 12, faults 1 and 8: what an abort must never do is roll out the new version. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Operation } from 'fast-json-patch';
import { patchObject } from '../support/edit-object.ts';
import { IMAGES } from '../../src/domain/paths/2.3-to-2.4/images.ts';
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

const apiOf = (namespace: string) => lab.clusters.open(lab.clusters.tenant('sim1', namespace));
async function deleteBackup(namespace: string) {
  for (const { metadata } of await apiOf(namespace).list('secrets'))
    if (metadata.name.startsWith('threescale-upgrade-backup-'))
      await apiOf(namespace).delete('secrets', metadata.name);
}

/** What `latest` follows before the upgrade; its image stays what it was. */
const FOLLOWED: readonly (readonly [string, string, Operation['op'], object | undefined])[] = [
  ['no spec tag', 'pushed', 'remove', undefined],
  ['a tag that is not there', 'dangling', 'replace', { kind: 'ImageStreamTag', name: 'own' }],
  [
    'an image that its registry does not have any more',
    'imported',
    'replace',
    { kind: 'DockerImage', name: 'registry.example.test/3scale/gone:2.3' },
  ],
];

test.each(FOLLOWED)(
  'latest had an image and %s: an abort gives it its image back, and nothing rolls',
  async (_what, namespace, op, from) => {
    await tenants.install(namespace);
    const before = await apiOf(namespace).get('imagestreams', 'amp-system');
    const index = (before?.spec.tags ?? []).findIndex(({ name }) => name === 'latest');
    const path = `/spec/tags/${index}`;
    const operation = from ? { op, path: `${path}/from`, value: from } : { op, path };
    await patchObject(lab, namespace, 'imagestreams', 'amp-system', [operation as Operation]);
    await lab.cluster.settle();
    // Its registry is none of the vendor's: where the new one comes from is chosen.
    const chosen = { images: { system: IMAGES.system } };
    const handle = await pausedAfter(lab, namespace, 'set-sidekiq-threads', { path: chosen });
    const end = await aborted(handle);
    await lab.cluster.settle();
    expect(tenants.rollouts(namespace)).toEqual({});
    expect(end).toMatchObject({ state: 'aborted', leftovers: [] });
    const after = await apiOf(namespace).get('imagestreams', 'amp-system');
    expect(after?.spec.tags?.find(({ name }) => name === 'latest')?.from).toEqual(from);
  },
);

test('left staged, its backup deleted by somebody, and begun anew: no backup is made of it, and an abort rolls nothing', async () => {
  await tenants.install('lost-backup');
  const handle = await pausedAfter(lab, 'lost-backup', 'set-sidekiq-threads');
  await handle.terminate('forgotten');
  await deleteBackup('lost-backup');
  const again = await lab.start('lost-backup', { onFailure: 'hold' });
  await again.signal('pause', { by: 'test', why: 'to see it' });
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  await again.signal('abort', { by: 'test', why: 'withdrawn' });
  await settled(again);
  await lab.cluster.settle();
  expect(tenants.rollouts('lost-backup')).toEqual({});
});

test('left staged, its backup deleted by somebody, begun anew, held and aborted: the abort rolls nothing', async () => {
  await tenants.install('lost-backup-2');
  const handle = await pausedAfter(lab, 'lost-backup-2', 'set-sidekiq-threads');
  await handle.terminate('forgotten');
  await deleteBackup('lost-backup-2');
  const again = await lab.start('lost-backup-2', { onFailure: 'hold' });
  expect((await settled(again)).state).toBe('held');
  await aborted(again);
  await lab.cluster.settle();
  expect(tenants.rollouts('lost-backup-2')).toEqual({});
});

test('an upgraded tenant whose kept backup was deleted, reset to before verifyStaged: nobody is told to have resumed anything', async () => {
  await tenants.install('kept-no-more');
  const handle = await lab.start('kept-no-more');
  expect((await settled(handle)).state).toBe('upgraded');
  await deleteBackup('kept-no-more');
  const progress = await settled(await resetBefore(lab, handle, 'verifyStaged'));
  expect(JSON.stringify(progress)).not.toContain('somebody has resumed it');
});
