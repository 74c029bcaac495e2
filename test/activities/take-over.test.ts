/** A run takes over the claim of another one only while its attempt is the current one, asked right before it writes. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  CLAIM,
  claimOf,
  keepClaim,
  makeClaim,
  TakenOver,
  turnClaim,
} from '../../src/procedure/claim/claim.ts';
import { Leases } from '../../src/procedure/claim/fence.ts';
import { lookTwice } from '../../src/procedure/edit/look-twice.ts';
import type { OpenedWork } from '../../activities/work.ts';
import { openWork } from '../../activities/work.ts';
import { workflowIdOf } from '../../src/domain/tenant/workflow-id.ts';
import type { TenantApi } from '../../src/openshift/tenant-api.ts';
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

const ANCHOR = 'system-app';
const never = new AbortController().signal;
const labelled = (value: string) => [{ op: 'add', path: '/metadata/labels', value: { by: value } }] as const;

/** An attempt of a run, on a worker of its own. Temporal calls it the current one so many times. */
function attemptOf(namespace: string, runId: string, timesCurrent = Infinity): OpenedWork {
  const tenant = lab.clusters.tenant('sim1', namespace);
  let left = timesCurrent;
  return openWork({
    api: lab.clusters.open(tenant),
    attempt: {
      signal: never,
      number: 1,
      runId,
      stillCurrent: () => (left-- > 0 ? Promise.resolve() : Promise.reject(new Error('not current'))),
    },
    path: PATH,
    backup: BACKUP,
    purpose: 'forward',
    mark: workflowIdOf(tenant),
    leases: new Leases(),
  });
}

/** One that has written a moment ago, and was forgotten by Temporal right then. */
async function forgotten(
  namespace: string,
): Promise<{ api: TenantApi; write: (value: string) => Promise<unknown> }> {
  await lab.simulator.install('sim1', namespace);
  const api = lab.clusters.open(lab.clusters.tenant('sim1', namespace));
  await makeClaim(api, { anchor: ANCHOR, backup: BACKUP, run: 'older' }, 'forward');
  const { work } = attemptOf(namespace, 'older', 1);
  const write = (value: string) => work.api.patch('deploymentconfigs', 'zync', labelled(value));
  await write('first');
  return { api, write };
}

const newer = { anchor: ANCHOR, backup: BACKUP, run: 'newer' };

test.each([
  ['kept', (api: TenantApi) => keepClaim(api, newer, { as: 'forward' })],
  ['made', (api: TenantApi) => makeClaim(api, newer, 'switching')],
  ['turned', (api: TenantApi) => turnClaim(api, newer, false)],
])(
  'a claim that is %s by another run: when that goes on, nothing of the one before is written any more',
  async (how, take) => {
    const { api, write } = await forgotten(`claim-${how}`);
    await expect(take(api)).rejects.toBeInstanceOf(TakenOver);
    await expect(write('late')).rejects.toThrow('not current');
    // Its own from now on.
    await expect(take(api).then(() => 'its own')).resolves.toBe('its own');
    const app = await api.get('deploymentconfigs', ANCHOR);
    expect(app && claimOf(app)).toMatchObject({ run: 'newer', epoch: 2 });
    expect(app && claimOf(app)).not.toHaveProperty('taking');
  },
);

test('what a run does that begins at once is done on what the one before has left, on each of its workers', async () => {
  const { write } = await forgotten('at-once');
  let written = 'first';
  const olderEnds = (async () => {
    for (let count = 0; ; count += 1) {
      const value = `older-${count}`;
      if (
        !(await write(value).then(
          () => true,
          () => false,
        ))
      )
        return;
      written = value;
    }
  })();
  const act = (): Promise<{ seen: string | undefined; written: string }> =>
    lookTwice(() => {
      const { work, hasWritten } = attemptOf('at-once', 'newer');
      return {
        act: async () => {
          const zync = await work.api.get('deploymentconfigs', 'zync');
          const app = [{ op: 'add', path: '/metadata/labels', value: { by: 'newer' } }] as const;
          await work.api.patch('deploymentconfigs', 'zync-database', app);
          return { seen: zync?.metadata.labels?.['by'], written };
        },
        hasWritten,
      };
    }, never);
  const done = await Promise.all([act(), act()]);
  await olderEnds;
  for (const { seen } of done) expect(seen).toBe(written);
});
