import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { preflight } from '../../src/procedure/preflight/preflight.ts';
import type { RequestFault } from '../../simulator/faults.ts';
import type { PreflightReport } from '../../src/domain/tenant/finding.ts';
import { workflowIdOf } from '../../src/domain/tenant/workflow-id.ts';
import { isOpenShiftError } from '../../src/openshift/api-error.ts';
import { pathFor } from '../support/upgrade-input.ts';
import type { SimulatedClusters } from '../support/simulated-clusters.ts';
import { openClusters } from '../support/simulated-clusters.ts';

let lab: SimulatedClusters;
beforeAll(async () => {
  lab = await openClusters({ tenants: 1 });
});
afterAll(() => lab.close());
afterEach(() => {
  lab.simulator.cluster('sim1').faults.clear();
});

/** As often as a worker tries an activity that meets a faulty API. */
const ATTEMPTS = 10;

/** As Temporal runs it. */
async function checked(): Promise<{ readonly attempts: number; readonly report: PreflightReport }> {
  const tenant = lab.clusters.tenant('sim1', 'tenant-1');
  for (let attempts = 1; ; attempts += 1) {
    try {
      const look = { api: lab.clusters.open(tenant), path: pathFor(), mark: workflowIdOf(tenant) };
      return { attempts, report: await preflight(look, pathFor()) };
    } catch (error) {
      if (attempts === ATTEMPTS || !isOpenShiftError(error, 'Unreachable', 'Throttled', 'ServerError'))
        throw error;
    }
  }
}

const FAULTS: readonly (readonly [string, RequestFault])[] = [
  ['are answered 500', { kind: 'status', code: 500, reason: 'InternalError' }],
  ['are answered 429', { kind: 'status', code: 429, reason: 'TooManyRequests' }],
  ['are reset', { kind: 'reset' }],
  ['lose their answer', { kind: 'lost-answer' }],
  ['get a login page', { kind: 'html' }],
];

test.each(FAULTS.flatMap((row) => [2, 3, 4].map((seed) => [...row, seed] as const)))(
  'where 45 of 100 requests %s, a check ends all the same',
  async (_, fault, seed) => {
    const { faults } = lab.simulator.cluster('sim1');
    const scripted = faults.onRequest({ user: 'sim1-admin', share: { of: 0.45, seed } }, fault);
    const { attempts, report } = await checked();
    expect(report).toMatchObject({ installation: 'from', findings: [] });
    expect(attempts).toBeLessThan(ATTEMPTS);
    expect(scripted.hits).toBeGreaterThan(0);
  },
);
