/** Issue 12, fault 5: a revert deletes the Secret that the upgrade has created, and no other. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Lab } from '../support/lab.ts';
import { openLab } from '../support/lab.ts';
import { aborted, pausedAfter, resumed } from '../support/mid-upgrade.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await openLab();
});
afterAll(() => lab.close());

const CREATED = 'system-impersonation';
const DATA = {
  username: Buffer.from('impersonator').toString('base64'),
  domain: Buffer.from('example.com').toString('base64'),
};
const apiOf = (namespace: string) => lab.clusters.open(lab.clusters.tenant('sim1', namespace));
const create = (namespace: string, name: string) =>
  apiOf(namespace).create('secrets', { metadata: { name }, type: 'Opaque', data: DATA });
const nameOfCreated = async (namespace: string) =>
  (await apiOf(namespace).get('secrets', CREATED))?.metadata.name;

async function started(namespace: string, stepId: string) {
  await lab.simulator.install('sim1', namespace);
  await create(namespace, 'source');
  return pausedAfter(lab, namespace, stepId, {
    path: { impersonation: { fromSecret: 'source' } },
    onFailure: 'hold',
  });
}

test('the one that the upgrade has created goes', async () => {
  const handle = await started('ours', 'verify-staged');
  expect(await nameOfCreated('ours')).toBe(CREATED);
  expect((await aborted(handle)).state).toBe('aborted');
  expect(await nameOfCreated('ours')).toBeUndefined();
});

test('one that the owner has created after the backup, with the same values, stays, and is named', async () => {
  const handle = await started('owners', 'tag-amp-system');
  await create('owners', CREATED);
  await handle.signal('abort', { by: 'test', why: 'withdrawn' });
  const held = await resumed(handle);
  expect(held).toMatchObject({ state: 'held', held: { stepId: 'verify-reverted' } });
  expect(held.held?.failure.message).toContain(`secret/${CREATED}`);
  expect(await nameOfCreated('owners')).toBe(CREATED);
});
