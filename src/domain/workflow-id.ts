import type { TenantRef } from './tenant.ts';
import { tenantKeyOf } from './tenant.ts';

/** The workflow of a tenant's upgrade: a tenant can never be upgraded twice at once. */
export function workflowIdOf(tenant: TenantRef): string {
  return workflowIdOfKey(tenantKeyOf(tenant));
}

/** The same by the tenant's key. */
export function workflowIdOfKey(key: string): string {
  return `upgrade/${key}`;
}
