import type { ResolvedPath } from './step.ts';
import type { TenantRef } from './tenant.ts';
import { tenantName } from './tenant.ts';

/**
 * Search attributes by which Temporal's own UI and `temporal workflow list` find any tenant:
 * `ThreescaleFleet = 'prod' AND ThreescaleState = 'held'`. All are keywords; none holds a value of a cluster.
 */
export const SEARCH_ATTRIBUTES = [
  'ThreescaleFleet',
  'ThreescaleTenant',
  'ThreescaleCluster',
  'ThreescaleWave',
  'ThreescaleState',
  'ThreescalePath',
  'ThreescaleClusterName',
] as const;

export type SearchAttribute = (typeof SEARCH_ATTRIBUTES)[number];
export type SearchAttributeValues = Readonly<Partial<Record<SearchAttribute, string>>>;

/**
 * Of one tenant's upgrade as it starts: its cluster by the server's address, which does not change, and by the name that people
 * have for it. `unnamed`: a fleet that runs was started before servers were told of that name.
 */
export function attributesOfTenant(
  tenant: TenantRef,
  { from, to }: ResolvedPath,
  { unnamed = false }: { readonly unnamed?: boolean } = {},
): SearchAttributeValues {
  return {
    ...(unnamed ? {} : { ThreescaleClusterName: tenant.context }),
    ThreescaleTenant: tenantName(tenant),
    ThreescaleCluster: tenant.cluster,
    ThreescaleState: 'waiting',
    ThreescalePath: `${from}-${to}`,
  };
}
