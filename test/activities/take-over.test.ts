/** A run takes over the claim of another one only while its attempt is the current one, asked right before it writes. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { CLAIM, claimOf, makeClaim } from '../../activities/claim.ts';
import { Leases } from '../../activities/fence.ts';
import { openWork } from '../../activities/work.ts';
import { workflowIdOf } from '../../src/domain/workflow-id.ts';
import type { SimulatedClusters } from '../support/simulated-clusters.ts';
import { openClusters } from '../support/simulated-clusters.ts';

let lab: SimulatedClusters;
beforeAll(async () => {
  lab = await openClusters({});
});
afterAll(() => lab.close());

const PATH = { from: '2.3', to: '2.4' };
const BACKUP = 'threescale-upgrade-backup-of-this-one';

test('an attempt that is over before it writes the claim writes nothing', async () => {
  await lab.simulator.install('sim1', 'taken');
  const tenant = lab.clusters.tenant('sim1', 'taken');
  const api = lab.clusters.open(tenant);
  await makeClaim(api, { anchor: 'system-app', backup: BACKUP, run: 'newer' }, 'forward');
  let asked = 0;
  const { work } = openWork({
    api,
    attempt: {
      signal: new AbortController().signal,
      number: 1,
      runId: 'older',
      // It is, when it is asked; and then the worker is stopped, and another run takes over.
      stillCurrent: () => ((asked += 1) === 1 ? Promise.resolve() : Promise.reject(new Error('not current'))),
    },
    path: PATH,
    backup: BACKUP,
    purpose: 'forward',
    mark: workflowIdOf(tenant),
    leases: new Leases(),
  });
  const label = [{ op: 'add', path: '/metadata/labels', value: { by: 'older' } }] as const;
  await expect(work.api.patch('deploymentconfigs', 'zync', label)).rejects.toThrow('not current');
  const app = await api.get('deploymentconfigs', 'system-app');
  expect(app && claimOf(app)).toMatchObject({ run: 'newer', epoch: 1 });
  expect(Object.keys(app?.metadata.annotations ?? {})).toContain(CLAIM);
});
