import type { TenantRef } from './tenant.ts';

/** The workflow of a tenant's upgrade: a tenant can never be upgraded twice at once. */
export function workflowIdOf({ cluster, namespace }: TenantRef): string {
  return `upgrade/${cluster}/${namespace}`;
}
