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
  /** Who says so: a claim, which nobody has checked. */
  readonly by: string;
  readonly why: string;
  /** From where it was said, as the command knows it: the login on its machine, and its certificate for Temporal. */
  readonly via?: string;
}

/** Only who and why, of a message that says more. */
export function actorOf({ by, why, via }: Actor): Actor {
  return { by, why, ...(via === undefined ? {} : { via }) };
}

/** Names one tenant, whatever its kubeconfig calls the cluster: `cluster/namespace`. */
export function tenantKeyOf({ cluster, namespace }: Pick<TenantRef, 'cluster' | 'namespace'>): string {
  return `${cluster}/${namespace}`;
}

/** `context/namespace`, as people name a tenant in messages. */
export function tenantName(tenant: TenantRef): string {
  return `${tenant.context}/${tenant.namespace}`;
}
