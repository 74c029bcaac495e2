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

/** The tenant whose workflow it is, without its context; undefined where it is none. */
export function tenantOfWorkflow(workflowId: string): Omit<TenantRef, 'context'> | undefined {
  const [, cluster, namespace] = /^upgrade\/(.+)\/([^/]+)$/.exec(workflowId) ?? [];
  return cluster !== undefined && namespace !== undefined ? { cluster, namespace } : undefined;
}

/** The name of the fleet whose workflow it is; undefined where it is none. */
export function fleetNameOf(workflowId: string): string | undefined {
  return /^fleet\/([a-z0-9][a-z0-9-]{0,62})$/.exec(workflowId)?.[1];
}

/** Header of a tenant's activities with the name of its fleet: what is logged of them says it. */
export const FLEET_HEADER = 'threescale-fleet';

/** The workflow that tells people one thing: the same thing is never told by two. */
export function messageWorkflowId(id: string): string {
  return `message/${id}`;
}
