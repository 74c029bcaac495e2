/** A backup tells of the tenant's start: what somebody has paused since the check is none, and would never come back as it was. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { makeBackup } from '../../activities/make-backup.ts';
import { Leases } from '../../activities/fence.ts';
import { openWork } from '../../activities/work.ts';
import { workflowIdOf } from '../../src/domain/workflow-id.ts';
import { pathFor } from '../support/lab.ts';
import type { SimulatedClusters } from '../support/simulated-clusters.ts';
import { openClusters } from '../support/simulated-clusters.ts';

let lab: SimulatedClusters;
beforeAll(async () => {
  lab = await openClusters({});
});
afterAll(() => lab.close());

const BACKUP = 'threescale-upgrade-backup-01a21800-0000-7000-8000-000000000000';

test('what somebody has paused since the check is not backed up: it is named, and nothing is made', async () => {
  await lab.simulator.install('sim1', 'paused');
  const tenant = lab.clusters.tenant('sim1', 'paused');
  const api = lab.clusters.open(tenant);
  await api.patch('deploymentconfigs', 'zync', [{ op: 'add', path: '/spec/paused', value: true }]);
  const path = pathFor();
  const attempt = {
    signal: new AbortController().signal,
    number: 1,
    runId: 'this-run',
    stillCurrent: () => Promise.resolve(),
  };
  const { work } = openWork({
    api,
    attempt,
    path,
    backup: undefined,
    purpose: 'claiming',
    mark: workflowIdOf(tenant),
    leases: new Leases(),
  });
  const claimant = { anchor: 'system-app', backup: BACKUP, run: 'this-run' };
  await expect(makeBackup(work, path, claimant)).rejects.toMatchObject({
    type: 'EditedByOthers',
    message: 'dc/zync is paused, and not by this upgrade',
  });
  expect(await api.get('secrets', BACKUP)).toBeUndefined();
  await api.patch('deploymentconfigs', 'zync', [{ op: 'remove', path: '/spec/paused' }]);
  expect(await makeBackup(work, path, claimant)).toMatchObject({ secret: BACKUP, adopted: false });
});
