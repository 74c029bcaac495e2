import { movedSince } from '../../tenant/written-plan.ts';
import type { FoundTenant } from '../../tenant/written-plan.ts';
import type { FleetShown } from './spec.ts';
import { at, tenantKey } from './spec.ts';

/** One tenant of a fleet as it was found, and what its upgrade would do. */
export interface PlannedTenant extends FoundTenant {
  /** `cluster/namespace`, whatever the file calls it. */
  readonly tenant: string;
  /** Names the steps that the file leads it through. */
  readonly pathHash: string;
}

/** What was planned for a fleet: its file as it was meant, and each tenant of it. */
export interface FleetPlanContent {
  readonly fleet: FleetShown;
  /** In the fleet's order. */
  readonly tenants: readonly PlannedTenant[];
}

/** What a tenant is like now: as a plan has it, or why there is none. */
export type TenantNow =
  | { readonly status: 'planned'; readonly found: FoundTenant }
  /** `why`: what stands against it, a line each. */
  | { readonly status: 'blocked'; readonly why: readonly string[] }
  | { readonly status: 'unreachable'; readonly why: string };

/** Tenants of which the same has moved. */
export interface MovedTenants {
  readonly tenants: readonly string[];
  readonly lines: readonly string[];
}

/** By `cluster/namespace`: the tenants of a fleet that its steps lead as they were planned. */
export function plannedAlike(
  { tenants }: FleetPlanContent,
  now: FleetShown,
): ReadonlyMap<string, PlannedTenant> {
  const steps = new Map(
    now.tenants.map((tenant) => [
      tenantKey(now, tenant),
      at(now.paths, at(now.profiles, tenant.profile).path).hash,
    ]),
  );
  return new Map(
    tenants.flatMap((planned) =>
      steps.get(planned.tenant) === planned.pathHash ? [[planned.tenant, planned] as const] : [],
    ),
  );
}

/** What has moved of one tenant since it was planned, a line each. */
export function movedOf(planned: FoundTenant, now: TenantNow): string[] {
  switch (now.status) {
    case 'planned':
      return movedSince(planned, now.found);
    case 'blocked':
      return now.why.map((line) => `stands against it now: ${line}`);
    case 'unreachable':
      return [`cannot be reached: ${now.why}`];
  }
}

/** Those of which the same has moved stand together, the most first. */
export function movedTogether(
  tenants: readonly { readonly name: string; readonly lines: readonly string[] }[],
): MovedTenants[] {
  const groups = Map.groupBy(
    tenants.filter(({ lines }) => lines.length > 0),
    ({ lines }) => lines.join('\n'),
  );
  return [...groups.values()]
    .map((own) => ({ tenants: own.map(({ name }) => name), lines: own[0]?.lines ?? [] }))
    .sort((a, b) => b.tenants.length - a.tenants.length);
}

/** Done as it was planned: nothing is left of it, as the tenant itself shows. */
export function isCarriedOut(now: TenantNow): boolean {
  if (now.status !== 'planned') return false;
  const { installation, steps } = now.found;
  return (
    installation === 'upgraded' &&
    steps.every(({ status, changes }) => status !== 'todo' || changes.length === 0)
  );
}

/** Contexts that lead to another cluster than they did, a line each. */
export function movedContexts(before: FleetShown, now: FleetShown): string[] {
  return now.clusters.flatMap(({ context, cluster }) => {
    const was = before.clusters.find((one) => one.context === context);
    return was && was.cluster !== cluster
      ? [`context ${context} leads to ${cluster}, and led to ${was.cluster}`]
      : [];
  });
}
