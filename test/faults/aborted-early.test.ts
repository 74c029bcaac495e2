/** Aborted while history knows of nothing that was touched: what the cluster shows is told all the same. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { compareSnapshots, takeSnapshot } from '../../src/cli/demo/snapshot.ts';
import { InstalledTenants } from '../support/installed-tenants.ts';
import type { Lab } from '../support/lab.ts';
import { openLab, settled } from '../support/lab.ts';
import { aborted, decided, pausedAfter, pausedAtOnce } from '../support/mid-upgrade.ts';
import { resetBefore } from '../support/reset.ts';

let lab: Lab;
let tenants: InstalledTenants;
beforeAll(async () => {
  lab = await openLab();
  tenants = new InstalledTenants(lab);
});
afterAll(() => lab.close());

/** All but the last of it: what comes after may roll before a pause is heard, but for what rolls last. */
const STAGED = 'set-sidekiq-threads';
const LEFT = [
  expect.stringContaining('dc/apicast-production is left paused'),
  expect.stringContaining('dc/system-app is left with the claim of an earlier upgrade'),
  expect.stringMatching(/^secret\/threescale-upgrade-backup-\S+ is left: the backup/),
] as unknown[];

async function terminatedWhileStaged(namespace: string): Promise<void> {
  await tenants.install(namespace);
  const handle = await pausedAfter(lab, namespace, STAGED);
  await handle.terminate('forgotten');
}

test('a tenant that was left staged, begun anew and aborted before its check: what is left is named, and nothing is written', async () => {
  await terminatedWhileStaged('left-staged');
  const before = takeSnapshot(lab.cluster, 'left-staged');
  const end = await aborted(await pausedAtOnce(lab, 'left-staged'));
  expect(end).toMatchObject({ state: 'aborted', pastPointOfNoReturn: false });
  expect(end.leftovers).toEqual(expect.arrayContaining(LEFT));
  expect(new Set(end.leftovers).size).toBe(end.leftovers.length);
  expect(compareSnapshots(before, takeSnapshot(lab.cluster, 'left-staged'))).toEqual([]);
});

test('one that had taken up the backup of another, reset to before that, and aborted: what is left is named', async () => {
  await terminatedWhileStaged('taken-up');
  const again = await pausedAfter(lab, 'taken-up', STAGED);
  const end = await aborted(await resetBefore(lab, again, 'backUpTenant'));
  expect(end.state).toBe('aborted');
  expect(end.leftovers).toEqual(expect.arrayContaining(LEFT));
});

test('the same past the point of no return: that is told too', async () => {
  await terminatedWhileStaged('crossed');
  const again = await pausedAfter(lab, 'crossed', 'roll-out-system-sidekiq');
  const end = await aborted(await resetBefore(lab, again, 'backUpTenant'));
  expect(end).toMatchObject({ state: 'aborted', pastPointOfNoReturn: true });
  expect(end.leftovers.join()).toContain('which had crossed the point of no return');
});

test('an upgrade that was in the middle of being taken back, reset to before that, and aborted: what is left is named', async () => {
  await tenants.install('half-back');
  const first = await lab.start('half-back');
  const { backupSecret = '' } = await settled(first);
  const forbidden = lab.cluster.faults.onRequest(
    { method: 'PATCH', path: /\/namespaces\/half-back\/deploymentconfigs\/system-memcache/ },
    { kind: 'status', code: 403, reason: 'Forbidden' },
  );
  const back = await lab.start('half-back', { takeBack: { backup: backupSecret } });
  expect((await settled(back)).state).toBe('held');
  forbidden.remove();
  const slow = lab.cluster.faults.onRequest(
    { method: 'GET', path: /\/namespaces\/half-back\/secrets\/threescale-upgrade-backup-/ },
    { kind: 'latency', ms: 4_000 },
  );
  const rewound = await resetBefore(lab, back, 'findBackup');
  await rewound.signal('abort', { by: 'test', why: 'withdrawn' });
  slow.remove();
  const end = await settled(rewound);
  expect(end.state).toBe('abandoned');
  expect(end.leftovers.join()).toContain('which was being reverted');
  expect(end.leftovers.join()).toContain(backupSecret);
  expect(new Set(end.leftovers).size).toBe(end.leftovers.length);
});

test('a staged tenant, reset to before its backup and aborted, whose revert may not begin: what is paused is shown, and left', async () => {
  await tenants.install('may-not-begin');
  const handle = await pausedAfter(lab, 'may-not-begin', STAGED);
  const forbidden = lab.cluster.faults.onRequest(
    { method: 'PATCH', path: /\/namespaces\/may-not-begin\/deploymentconfigs\/system-app/ },
    { kind: 'status', code: 403, reason: 'Forbidden' },
  );
  const rewound = await resetBefore(lab, handle, 'backUpTenant');
  const { held } = await aborted(rewound);
  expect(held?.stepId).toBe('begin-revert');
  expect(held?.pausedDeploymentConfigs).toContain('zync');
  const end = await decided(rewound, 'abandon');
  forbidden.remove();
  expect(end.state).toBe('abandoned');
  expect(end.leftovers.join()).toContain('dc/zync is left paused');
});

test('a tenant that nobody has touched, aborted before its check: nothing is left', async () => {
  await tenants.install('fresh');
  expect(await aborted(await pausedAtOnce(lab, 'fresh'))).toMatchObject({ state: 'aborted', leftovers: [] });
});
