import pMap from 'p-map';
import { preflight } from '../../procedure/preflight/preflight.ts';
import type { FleetCluster, FleetSpec, FleetTenant } from '../../domain/fleet/spec/spec.ts';
import { at, nameOfTenant } from '../../domain/fleet/spec/spec.ts';
import type { PreflightReport } from '../../domain/tenant/finding.ts';
import { isBlocked } from '../../domain/tenant/finding.ts';
import { plainDeep } from '../../domain/text/plain-text.ts';
import type { TenantPlan } from '../../domain/tenant/plan.ts';
import { workflowIdOf } from '../../domain/tenant/workflow-id.ts';
import type { FoundTenant } from '../../domain/tenant/written-plan.ts';
import { isOpenShiftError } from '../../openshift/api-error.ts';
import type { Clusters } from '../../openshift/clusters.ts';
import { KubeconfigError } from '../../openshift/kubeconfig/kubeconfig.ts';
import { telling } from '../../telling.ts';
import { foundFor, planFound } from '../tenant/found-tenant.ts';

/** Clusters at once, and tenants at once of each: sixteen looks in all, and no API server is asked by more than four. */
const CLUSTERS_AT_ONCE = 4;
const TENANTS_AT_ONCE = 4;

/** What a look at one tenant of the fleet gave. */
export type TenantLook = { readonly name: string; readonly index: number } & (
  | {
      readonly status: 'planned';
      readonly plan: TenantPlan;
      readonly report: PreflightReport;
      /** As a plan file holds it, where that was asked for. */
      readonly found?: FoundTenant;
    }
  | { readonly status: 'blocked'; readonly report: PreflightReport }
  /** `wholeCluster`: no other tenant of the cluster can be reached either. */
  | { readonly status: 'unreachable'; readonly why: string; readonly wholeCluster: boolean }
  /** The kubeconfig here does not have its context: workers elsewhere reach it. */
  | { readonly status: 'elsewhere' }
);

interface LookOptions {
  readonly spec: FleetSpec;
  readonly clusters: Clusters;
  /** Indexes of the tenants to look at. */
  readonly wanted: readonly number[];
  /** What a plan file holds of each is wanted too. */
  readonly forPlan?: boolean;
  /** Told every few seconds how far it is. */
  readonly say: (line: string) => void;
}

/** Looks at many tenants, reading only; in the fleet's order. What fails for one does not stop the others. */
export function lookAtFleet(options: LookOptions): Promise<TenantLook[]> {
  const { wanted, say } = options;
  let done = 0;
  return telling(
    say,
    (seconds) => `looked at ${done} of ${wanted.length} tenants (${seconds} s)`,
    () => lookAtEach(options, () => (done += 1)),
  );
}

async function lookAtEach(options: LookOptions, looked: () => void): Promise<TenantLook[]> {
  const { spec, clusters, wanted } = options;
  const wayTo = (index: number): FleetCluster => at(spec.clusters, at(spec.tenants, index).cluster);
  // However it is reached, one API server answers for all of them.
  const ofCluster = Map.groupBy(wanted, (index) => wayTo(index).cluster);
  const contexts = contextsOf(clusters);
  try {
    const looks = await pMap(
      ofCluster,
      async ([, indexes]) => {
        // One that does not answer a context is not asked again for each of its tenants.
        const goneBy = new Map<string, string>();
        return pMap(
          indexes,
          async (index): Promise<TenantLook> => {
            const tenant = at(spec.tenants, index);
            const who = { name: nameOfTenant(spec, tenant), index };
            const { context } = wayTo(index);
            const gone = goneBy.get(context);
            const look: TenantLook = !contexts.has(context)
              ? { ...who, status: 'elsewhere' }
              : gone === undefined
                ? await lookAtTenant(options, tenant, who)
                : { ...who, status: 'unreachable', why: gone, wholeCluster: true };
            if (look.status === 'unreachable' && look.wholeCluster) goneBy.set(context, look.why);
            looked();
            return look;
          },
          { concurrency: TENANTS_AT_ONCE },
        );
      },
      { concurrency: CLUSTERS_AT_ONCE },
    );
    return looks.flat().sort((a, b) => a.index - b.index);
  } finally {
    await clusters.close();
  }
}

async function lookAtTenant(
  { spec, clusters, forPlan = false }: LookOptions,
  { cluster, namespace, profile }: FleetTenant,
  who: { readonly name: string; readonly index: number },
): Promise<TenantLook> {
  const { cluster: identity, context } = at(spec.clusters, cluster);
  const ref = { cluster: identity, context, namespace };
  const path = at(spec.paths, at(spec.profiles, profile).path);
  try {
    const look = { api: clusters.open(ref), path, mark: workflowIdOf(ref) };
    const report = await preflight(look, path);
    if (isBlocked(report)) return { ...who, status: 'blocked', report };
    const plan = await planFound(look, ref, path, report);
    const found = forPlan ? plainDeep(await foundFor(look, path, report, plan)) : undefined;
    return { ...who, status: 'planned', report, plan, ...(found ? { found } : {}) };
  } catch (error) {
    if (!isOpenShiftError(error) && !(error instanceof KubeconfigError)) throw error;
    const wholeCluster = !isOpenShiftError(error) || isOpenShiftError(error, 'Unreachable', 'Unauthorized');
    return { ...who, status: 'unreachable', why: error.message, wholeCluster };
  }
}

/** None where there is no kubeconfig: then every cluster is elsewhere. */
function contextsOf(clusters: Clusters): ReadonlySet<string> {
  try {
    return new Set(clusters.contexts());
  } catch (error) {
    if (error instanceof KubeconfigError) return new Set();
    throw error;
  }
}
