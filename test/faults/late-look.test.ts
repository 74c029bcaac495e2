/** A look that was answered as things stood before: nobody has edited anything, and nobody is told so. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { InstalledTenants } from '../support/installed-tenants.ts';
import type { Lab } from '../support/lab.ts';
import { openLab } from '../support/lab.ts';
import { aborted, pausedAfter, resumed } from '../support/mid-upgrade.ts';

/** Longer than what is under test takes: a look that is as old as this sees nothing of it. */
const OLD_MS = 4_000;

let lab: Lab;
let tenants: InstalledTenants;
beforeAll(async () => {
  lab = await openLab();
  tenants = new InstalledTenants(lab);
});
afterAll(() => lab.close());

test.each([
  ['dc-of-its-step', 'tag-amp-zync', /deploymentconfigs\/system-memcache$/],
  ['claim', 'pause-rollouts', /deploymentconfigs\/system-app$/],
  ['resumed', 'tag-amp-zync', /deploymentconfigs\/system-sidekiq$/],
  ['before-the-crossing', 'roll-out-system-memcache', /deploymentconfigs$/],
])('one late answer about %s is no reason to revert', async (namespace, after, path) => {
  await tenants.install(namespace);
  await sleep(OLD_MS);
  const handle = await pausedAfter(lab, namespace, after);
  const late = lab.cluster.faults.onRequest(
    { method: 'GET', namespace, path, times: 1 },
    { kind: 'stale-read', ms: OLD_MS },
  );
  const progress = await resumed(handle);
  expect(late.hits).toBe(1);
  expect(JSON.stringify(progress)).not.toMatch(/EditedByOthers|Superseded|NotFound/);
  expect(progress.state).toBe('upgraded');
});

test('one late answer to the check blocks nobody', async () => {
  await tenants.install('checked');
  const api = lab.clusters.open(lab.clusters.tenant('sim1', 'checked'));
  await api.patch('deploymentconfigs', 'zync', [{ op: 'add', path: '/spec/paused', value: true }]);
  await sleep(OLD_MS);
  await api.patch('deploymentconfigs', 'zync', [{ op: 'remove', path: '/spec/paused' }]);
  const late = lab.cluster.faults.onRequest(
    { method: 'GET', namespace: 'checked', path: /deploymentconfigs$/, times: 1 },
    { kind: 'stale-read', ms: OLD_MS / 2 },
  );
  expect((await lab.upgrade('checked')).state).toBe('upgraded');
  expect(late.hits).toBe(1);
});

test('one late answer after a revert is no difference from the backup', async () => {
  await tenants.install('compared');
  const handle = await pausedAfter(lab, 'compared', 'tag-amp-zync', { onFailure: 'hold' });
  await sleep(OLD_MS);
  const late = lab.cluster.faults.onRequest(
    { method: 'GET', namespace: 'compared', path: /imagestreams$/, times: 1 },
    { kind: 'stale-read', ms: OLD_MS },
  );
  const progress = await aborted(handle);
  expect(late.hits).toBe(1);
  expect(progress).toMatchObject({ state: 'aborted' });
  expect(progress.leftovers ?? []).toEqual([]);
});
