import { estimateMinutes } from '../../domain/fleet/file/estimate-fleet.ts';
import type { NamedPlan, PlanGroup } from '../../domain/fleet/file/group-plans.ts';
import { groupPlans } from '../../domain/fleet/file/group-plans.ts';
import { forecast, neededToStartMs, NO_MEASURES } from '../../domain/fleet/rules/forecast.ts';
import type { FleetSpec, Wave } from '../../domain/fleet/spec/spec.ts';
import { at, clusterCount } from '../../domain/fleet/spec/spec.ts';
import type { Finding } from '../../domain/tenant/finding.ts';
import type { WindowAnswer, WindowPolicy } from '../../domain/windows/policy.ts';
import { findWindow } from '../../domain/windows/find-window.ts';
import type { TenantLook } from './look.ts';

/** What `fleet plan` says, as data. */
export interface FleetOverview {
  readonly name: string;
  readonly hash: string;
  readonly tenants: number;
  readonly clusters: number;
  readonly waves: readonly Wave[];
  readonly limits: Pick<FleetSpec, 'maxConcurrent' | 'maxConcurrentPerCluster' | 'failureBudget'>;
  readonly windows: readonly PolicyStand[];
  readonly estimateMinutes: number;
  readonly warnings: readonly string[];
  readonly groups: readonly PlanGroup[];
  /** What is worth knowing of tenants that can be upgraded. */
  readonly warned: readonly FoundOf[];
  readonly blocked: readonly FoundOf[];
  readonly unreachable: readonly { readonly tenant: string; readonly why: string }[];
  /** Not looked at: the kubeconfig here does not have their context. */
  readonly elsewhere: readonly string[];
}

/** What was found of a tenant. */
export interface FoundOf {
  readonly tenant: string;
  readonly findings: readonly Finding[];
}

/** Where time stands in one of the fleet's window policies. */
export interface PolicyStand {
  readonly policy: WindowPolicy;
  readonly tenants: number;
  readonly answer: WindowAnswer;
}

/** Puts together what was resolved and what was seen. */
export function fleetOverview(
  { spec, warnings }: { readonly spec: FleetSpec; readonly warnings: readonly string[] },
  looks: readonly TenantLook[],
  nowMs: number,
): FleetOverview {
  const { maxConcurrent, maxConcurrentPerCluster, failureBudget } = spec;
  const plans: NamedPlan[] = looks.flatMap((look) =>
    look.status === 'planned' ? [{ name: look.name, plan: look.plan }] : [],
  );
  return {
    name: spec.name,
    hash: spec.hash,
    tenants: spec.tenants.length,
    clusters: clusterCount(spec),
    waves: spec.waves,
    limits: { maxConcurrent, maxConcurrentPerCluster, failureBudget },
    windows: windowsOf(spec, nowMs),
    estimateMinutes: estimateMinutes(spec),
    warnings,
    groups: groupPlans(plans),
    warned: looks.flatMap((look) =>
      look.status === 'planned' && look.report.findings.length > 0
        ? [{ tenant: look.name, findings: look.report.findings }]
        : [],
    ),
    blocked: looks.flatMap((look) =>
      look.status === 'blocked' ? [{ tenant: look.name, findings: look.report.findings }] : [],
    ),
    unreachable: looks.flatMap((look) =>
      look.status === 'unreachable' ? [{ tenant: look.name, why: look.why }] : [],
    ),
    elsewhere: looks.flatMap((look) => (look.status === 'elsewhere' ? [look.name] : [])),
  };
}

/** Where time stands in each of the fleet's window policies. */
export function windowsOf(spec: FleetSpec, nowMs: number): PolicyStand[] {
  const neededMs = neededToStartMs(forecast(NO_MEASURES, spec.estimate));
  const policies = spec.tenants.map(({ profile }) => at(spec.profiles, profile).windows);
  return spec.windows.map((policy, index) => ({
    policy,
    tenants: policies.filter((own) => own === index).length,
    answer: findWindow(policy, neededMs, nowMs),
  }));
}
