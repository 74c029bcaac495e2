/** A backup tells of the tenant's start: what is none is not taken for one. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Phase } from '../../src/procedure/claim/claim.ts';
import { claimOf, makeClaim } from '../../src/procedure/claim/claim.ts';
import { lookTwice } from '../../src/procedure/edit/look-twice.ts';
import { makeBackup } from '../../src/procedure/backup/make-backup.ts';
import type { Work } from '../../src/procedure/steps/step-module.ts';
import { installedToClaim } from '../support/claiming-work.ts';
import { pathFor } from '../support/upgrade-input.ts';
import type { SimulatedClusters } from '../support/simulated-clusters.ts';
import { openClusters } from '../support/simulated-clusters.ts';

let lab: SimulatedClusters;
beforeAll(async () => {
  lab = await openClusters({});
});
afterAll(() => lab.close());

const BACKUP = 'threescale-upgrade-backup-01a21800-0000-7000-8000-000000000000';
const LATER = 'threescale-upgrade-backup-01a21800-0000-7000-8000-000000000001';
const GONE = 'threescale-upgrade-backup-01a21800-0000-7000-8000-00000000dead';
const path = pathFor();
const claimant = { anchor: 'system-app', backup: BACKUP, run: 'this-run' };

const installed = (namespace: string): Promise<Work> => installedToClaim(lab, namespace);

/** As somebody does it by hand, following the guide. */
const setMemcacheImage = ({ api }: Work) =>
  api.patch('deploymentconfigs', 'system-memcache', [
    {
      op: 'replace',
      path: '/spec/template/spec/containers/0/image',
      value: 'registry.access.redhat.com/3scale-amp20/memcached',
    },
  ]);

test('what somebody has paused since the check is not backed up: it is named, and nothing is made', async () => {
  const work = await installed('paused');
  const { api } = work;
  await api.patch('deploymentconfigs', 'zync', [{ op: 'add', path: '/spec/paused', value: true }]);
  await expect(makeBackup(work, path, claimant)).rejects.toMatchObject({
    type: 'EditedByOthers',
    message: 'dc/zync is paused, and not by this upgrade',
  });
  expect(await api.get('secrets', BACKUP)).toBeUndefined();
  await api.patch('deploymentconfigs', 'zync', [{ op: 'remove', path: '/spec/paused' }]);
  expect(await makeBackup(work, path, claimant)).toEqual({ secret: BACKUP, adopted: false, halfWay: false });
});

test('a tenant that is half upgraded: its backup says so, to whoever finds it or takes it up', async () => {
  const work = await installed('half-way');
  await setMemcacheImage(work);
  const made = { secret: BACKUP, adopted: false, halfWay: true };
  expect(await makeBackup(work, path, claimant)).toEqual(made);
  expect(await makeBackup(work, path, claimant)).toEqual(made);
  const later = { ...claimant, backup: LATER };
  expect(await makeBackup(work, path, later)).toEqual({ ...made, adopted: true });
});

test.each<Phase>(['switching', 'crossed', 'reverting'])(
  'a claim that says %s, and whose backup is gone: no backup is made, and the claim stays as it is',
  async (phase) => {
    const work = await installed(`claimed-${phase}`);
    await setMemcacheImage(work);
    const { api } = work;
    await makeClaim(api, { anchor: 'system-app', backup: GONE, run: 'gone' }, phase);
    const crossed =
      phase === 'crossed' ? 'dc/system-app: the patch that resumed its rollouts says so' : undefined;
    await expect(makeBackup(work, path, claimant)).rejects.toMatchObject({ type: 'NotFound', crossed });
    const app = await api.get('deploymentconfigs', 'system-app');
    expect(app && claimOf(app)).toMatchObject({ backup: GONE, phase });
    expect(await api.get('secrets', BACKUP)).toBeUndefined();
  },
);

test('a claim of an upgrade that had only begun, and whose backup is gone, on a tenant at its start: it is backed up', async () => {
  const work = await installed('claimed-forward');
  await makeClaim(work.api, { anchor: 'system-app', backup: GONE, run: 'gone' }, 'forward');
  const begin = { act: () => makeBackup(work, path, claimant), hasWritten: () => false };
  // The claim was another run's: what that one may still write is waited out.
  const made = await lookTwice(() => begin, new AbortController().signal);
  expect(made).toEqual({ secret: BACKUP, adopted: false, halfWay: false });
});
