/** What differs is named to the field, and never by what it holds. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Backup } from '../../src/procedure/backup/backup.ts';
import { changedByOthers } from '../../src/procedure/verify/verify.ts';
import type { TenantApi } from '../../src/openshift/tenant-api.ts';
import { pathFor } from '../support/upgrade-input.ts';
import type { SimulatedClusters } from '../support/simulated-clusters.ts';
import { openClusters } from '../support/simulated-clusters.ts';

let lab: SimulatedClusters;
let api: TenantApi;
beforeAll(async () => {
  lab = await openClusters({ timing: { rolloutMs: 5, hookMs: 5, importMs: 5, terminationMs: 5 } });
  await lab.simulator.install('sim1', 'tenant');
  api = lab.clusters.open(lab.clusters.tenant('sim1', 'tenant'));
});
afterAll(() => lab.close());

test.each([
  [
    'zync',
    { op: 'add', path: '/spec/template/spec/terminationGracePeriodSeconds', value: 77 },
    'dc/zync spec.template.spec.terminationGracePeriodSeconds',
  ],
  [
    'zync',
    {
      op: 'add',
      path: '/spec/template/spec/containers/0/env/-',
      value: { name: 'MINE', value: 'very-secret' },
    },
    'dc/zync spec.template.spec.containers[zync].env[MINE]',
  ],
  [
    'system-sidekiq',
    { op: 'add', path: '/spec/strategy/rollingParams/timeoutSeconds', value: 77 },
    'dc/system-sidekiq spec.strategy.rollingParams.timeoutSeconds',
  ],
] as const)('what somebody has changed of dc/%s by %j', async (name, operation, told) => {
  const before = await api.list('deploymentconfigs');
  await api.patch('deploymentconfigs', name, [operation]);
  const backup: Backup = { deploymentconfigs: before, imagestreams: [], routes: [], secrets: [] };
  const { steps } = pathFor();
  const found = await changedByOthers({ api, path: pathFor(), mark: 'mark' }, steps, backup);
  expect(found).toEqual([told]);
});
