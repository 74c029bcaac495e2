import { Leases } from '../../src/procedure/claim/fence.ts';
import type { Work } from '../../src/procedure/steps/step-module.ts';
import { openWork } from '../../activities/work.ts';
import { workflowIdOf } from '../../src/domain/tenant/workflow-id.ts';
import { pathFor } from './upgrade-input.ts';
import type { SimulatedClusters } from './simulated-clusters.ts';

/** Installs a tenant, and opens the work on it of the attempt of `this-run` that may claim it: Temporal calls it current. */
export async function installedToClaim(
  { simulator, clusters }: SimulatedClusters,
  namespace: string,
  backup?: string,
): Promise<Work> {
  await simulator.install('sim1', namespace);
  const tenant = clusters.tenant('sim1', namespace);
  const attempt = {
    signal: new AbortController().signal,
    number: 1,
    runId: 'this-run',
    stillCurrent: () => Promise.resolve(),
  };
  const { work } = openWork({
    api: clusters.open(tenant),
    attempt,
    path: pathFor(),
    backup,
    purpose: 'claiming',
    mark: workflowIdOf(tenant),
    leases: new Leases(),
  });
  return work;
}
