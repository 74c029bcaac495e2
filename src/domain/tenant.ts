/** One 3scale installation: a project (namespace) of an OpenShift cluster. */
export interface TenantRef {
  /** The cluster's identity, the same whatever the kubeconfig calls it: host[:port] of its API server, lower case. */
  readonly cluster: string;
  /** The kubeconfig context by which the worker reaches it. */
  readonly context: string;
  readonly namespace: string;
}

/** Who sent a message and why: every control message carries one, and the report shows it. */
export interface Actor {
  readonly by: string;
  readonly why: string;
}

/** Names one tenant, whatever its kubeconfig calls the cluster: `cluster/namespace`. */
export function tenantKeyOf({ cluster, namespace }: Pick<TenantRef, 'cluster' | 'namespace'>): string {
  return `${cluster}/${namespace}`;
}

/** `context/namespace`, as people name a tenant in messages. */
export function tenantName(tenant: TenantRef): string {
  return `${tenant.context}/${tenant.namespace}`;
}
