import type { TenantRef } from './tenant.ts';
import { tenantKeyOf } from './tenant.ts';

/** The workflow of a tenant's upgrade: a tenant can never be upgraded twice at once. */
export function workflowIdOf(tenant: TenantRef): string {
  return `upgrade/${tenantKeyOf(tenant)}`;
}
