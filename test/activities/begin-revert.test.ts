/** What an upgrade finds that is to be reverted and has done nothing itself: what another one has left is told. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { beginRevert } from '../../src/procedure/claim/begin-revert.ts';
import { makeClaim } from '../../src/procedure/claim/claim.ts';
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

const path = pathFor();
const backup = 'threescale-upgrade-backup-01a21800-0000-7000-8000-000000000000';
const claimant = { anchor: 'system-app', backup, run: 'this-run' };
const about = { claimant, crossingIsKnown: false, begun: false };

const installed = (namespace: string): Promise<Work> => installedToClaim(lab, namespace, backup);

const pauseZync = ({ api, mark }: Work) =>
  api.patch('deploymentconfigs', 'zync', [
    { op: 'add', path: '/spec/paused', value: true },
    { op: 'add', path: '/metadata/annotations', value: { 'threescale-upgrade/paused-by': mark } },
  ]);

test('a tenant at its start has nothing to undo, and nothing left', async () => {
  const work = await installed('fresh');
  expect(await beginRevert(work, path, about)).toEqual({ status: 'nothing-to-undo', left: [] });
});

test('one that was abandoned while staged has no claim any more: its pauses are named all the same', async () => {
  const work = await installed('abandoned');
  await pauseZync(work);
  expect(await beginRevert(work, path, about)).toEqual({
    status: 'nothing-to-undo',
    left: ['dc/zync is left paused'],
  });
});

test('of one that another upgrade has claimed, the pauses are named besides the claim', async () => {
  const work = await installed('claimed');
  await pauseZync(work);
  await makeClaim(work.api, { ...claimant, backup: `${backup}-other` }, 'switching');
  expect(await beginRevert(work, path, about)).toEqual({
    status: 'nothing-to-undo',
    left: [
      'dc/zync is left paused',
      'dc/system-app is left with the claim of an earlier upgrade, which had begun to roll out the new version',
    ],
  });
});

test('a command that has run is told before the Secret goes that says so', async () => {
  const work = await installed('renamed');
  const withRake = pathFor({ impersonation: { fromSecret: 'ours' } });
  await makeBackup(work, withRake, claimant);
  expect(await beginRevert(work, withRake, about)).toMatchObject({ status: 'begun', ran: [] });
  await work.api.create('secrets', {
    metadata: {
      name: 'system-impersonation',
      annotations: { 'threescale-upgrade/update-impersonation-admin': 'done' },
    },
    data: {},
  });
  expect(await beginRevert(work, withRake, about)).toMatchObject({ ran: ['update-impersonation-admin'] });
});
