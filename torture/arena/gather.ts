import type { Evidence } from '../oracles/evidence.ts';
import type { Arena } from './arena.ts';
import { livesOf } from './histories.ts';
import type { ProcessInjected } from './process-faults.ts';
import { snapshotOf } from './snapshot.ts';
import type { Tenant } from './tenant.ts';
import { untilAnswered } from './until-answered.ts';

/** Some ten seconds: one that was killed last may only just be there again. */
const LOOKS_AT_MOST = 34;

/** All that is known of a tenant, from its cluster's log and objects, and from Temporal's history. */
export async function gather(
  { client, crew, worlds }: Arena,
  tenant: Tenant,
  processFaults: readonly ProcessInjected[],
): Promise<Evidence> {
  const { site, namespace } = tenant;
  const { cluster, wire, rollouts } = site;
  const reset = tenant.injected.filter(({ kind }) => kind === 'reset-workflow').map(({ at }) => at);
  const forgot = processFaults.filter(({ kind }) => kind === 'engine-forgets').map(({ overAt }) => overAt);
  return {
    tenant,
    deeds: wire.deeds.filter((deed) => deed.namespace === namespace && deed.changes.length > 0),
    commands: wire.deeds.filter((deed) => deed.namespace === namespace && deed.path.endsWith('/exec')),
    end: snapshotOf(cluster, namespace),
    lives: await untilAnswered(() => livesOf(client, tenant), LOOKS_AT_MOST),
    rollouts: rollouts.filter((rollout) => rollout.namespace === namespace),
    downMs: cluster.availability.downMs(namespace, 'system-app'),
    forgotAt: [...reset, ...forgot],
    processKinds: processFaults.map(({ kind }) => kind),
    worldKinds: worlds
      .filter(({ tenants }) => tenants.includes(tenant) && tenants.some(({ repointed }) => repointed))
      .map(() => 'repoint'),
    workers: crew.members.map(({ name, pid, stoppedFrom, stoppedTo }) => ({
      name,
      pid,
      stoppedFrom,
      stoppedTo,
    })),
  };
}
