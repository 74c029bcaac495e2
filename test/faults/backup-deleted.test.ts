/** Issue 12, fault 7: what the end of a revert has done is done, whether or not anybody has heard of it. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { RequestFault } from '../../simulator/faults.ts';
import type { Lab } from '../support/lab.ts';
import { openLab, until } from '../support/lab.ts';
import { aborted, pausedAfter } from '../support/mid-upgrade.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await openLab();
});
afterAll(() => lab.close());

const LOST: readonly (readonly [string, RequestFault])[] = [
  ['the answer is lost', { kind: 'lost-answer' }],
  ['the connection is cut before', { kind: 'reset' }],
];

test.each(LOST)('the backup is deleted, and %s: aborted, and nothing is left', async (name, fault) => {
  const namespace = name.replaceAll(' ', '-');
  await lab.simulator.install('sim1', namespace);
  const handle = await pausedAfter(lab, namespace, 'tag-amp-system');
  lab.cluster.faults.onRequest(
    { method: 'DELETE', path: new RegExp(`/namespaces/${namespace}/secrets/`), times: 1 },
    fault,
  );
  expect(await aborted(handle)).toMatchObject({ state: 'aborted', leftovers: [] });
  const secrets = await lab.clusters.open(lab.clusters.tenant('sim1', namespace)).list('secrets');
  expect(secrets.filter(({ metadata }) => metadata.name.startsWith('threescale-upgrade-'))).toEqual([]);
});

test('somebody has deleted the backup of a staged tenant: held, and it says what stands paused', async () => {
  await lab.simulator.install('sim1', 'untouched');
  const handle = await pausedAfter(lab, 'untouched', 'pause-rollouts');
  const api = lab.clusters.open(lab.clusters.tenant('sim1', 'untouched'));
  const [backup] = (await api.list('secrets')).filter(({ metadata }) =>
    metadata.name.startsWith('threescale-upgrade-backup-'),
  );
  await api.delete('secrets', backup?.metadata.name ?? '');
  const held = await aborted(handle);
  expect(held).toMatchObject({ state: 'held', held: { failure: { type: 'NotFound' } } });
  expect(held.held?.pausedDeploymentConfigs.length).toBeGreaterThan(0);
});

test('two upgrades of one minute have backups of their own names', async () => {
  await lab.simulator.install('sim1', 'twice');
  const names = [];
  for (let times = 0; times < 2; times += 1) {
    const handle = await pausedAfter(lab, 'twice', 'pause-rollouts');
    names.push((await until(handle, ({ backupSecret }) => backupSecret !== undefined)).backupSecret);
    expect((await aborted(handle)).state).toBe('aborted');
  }
  expect(new Set(names).size).toBe(2);
});
