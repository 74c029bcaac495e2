import { stringify } from 'yaml';

export interface KubeconfigContext {
  readonly name: string;
  readonly cluster: string;
  readonly token: string;
  readonly namespace?: string;
}

export interface KubeconfigCluster {
  readonly name: string;
  readonly server: string;
  /** PEM. */
  readonly certificate: string;
}

/** A kubeconfig as kubectl reads it. */
export function renderKubeconfig(
  clusters: readonly KubeconfigCluster[],
  contexts: readonly KubeconfigContext[],
): string {
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: clusters.map(({ name, server, certificate }) => ({
      name,
      cluster: { server, 'certificate-authority-data': Buffer.from(certificate).toString('base64') },
    })),
    users: contexts.map(({ name, token }) => ({ name, user: { token } })),
    contexts: contexts.map(({ name, cluster, namespace }) => ({
      name,
      context: { cluster, user: name, ...(namespace ? { namespace } : {}) },
    })),
    'current-context': contexts[0]?.name ?? '',
  });
}
