import { KubeConfig } from '@kubernetes/client-node';
import { isClusterIdentity } from '../../domain/text/names.ts';
import { KubeconfigError } from './kubeconfig-error.ts';

export { KubeconfigError } from './kubeconfig-error.ts';

/** One of its own, that remembers nothing of what the other one has asked for: no plugin's answer, no connection. */
export function copyOf(
  { clusters, users, contexts, currentContext }: KubeConfig,
  other: Partial<Pick<KubeConfig, 'users' | 'currentContext'>> = {},
): KubeConfig {
  const copy = new KubeConfig();
  copy.loadFromOptions({ clusters, users, contexts, currentContext, ...other });
  return copy;
}

/** A copy that speaks to one context's cluster. Throws KubeconfigError with the contexts there are. */
export function selectContext(config: KubeConfig, context: string): KubeConfig {
  const names = config.getContexts().map(({ name }) => name);
  if (!names.includes(context)) {
    const known = names.length > 0 ? `it has: ${names.join(', ')}` : 'it has none';
    throw new KubeconfigError(
      `the kubeconfig has no context ${context}; ${known}`,
      'Name one with --context.',
      { missing: context },
    );
  }
  const selected = copyOf(config, { currentContext: context });
  if (!selected.getCurrentCluster()) {
    const cluster = selected.getContextObject(context)?.cluster ?? '';
    throw new KubeconfigError(
      `context ${context} names the cluster ${cluster}, which the kubeconfig does not have`,
      'Look at it with: oc config view',
    );
  }
  const user = selected.getContextObject(context)?.user;
  if (user && !selected.getCurrentUser()) {
    throw new KubeconfigError(
      `context ${context} names the user ${user}, which the kubeconfig does not have`,
      'Look at it with: oc config view',
    );
  }
  refuseCommand(context, selected);
  return selected;
}

/**
 * The library runs the command of the old providers gcp and azure in a shell, with every variable of this process, Temporal's
 * keys among them, and stands still until it has ended.
 */
function refuseCommand(context: string, selected: KubeConfig): void {
  const provider = selected.getCurrentUser()?.authProvider as Partial<AuthProvider> | null | undefined;
  if (provider?.config?.['cmd-path'] === undefined) return;
  throw new KubeconfigError(
    `the user of context ${context} has an auth-provider (${provider.name ?? 'without a name'}) that runs a command (cmd-path), which is not done`,
    'Give that user an exec plugin in its place: for GKE gke-gcloud-auth-plugin, for AKS kubelogin convert-kubeconfig; for OpenShift, oc login.',
  );
}

interface AuthProvider {
  readonly name: string;
  readonly config: Readonly<Record<string, unknown>> | null;
}

/**
 * The cluster's identity, the same whatever a kubeconfig calls it: host[:port] of its API server, lower case, without
 * the port that https implies; and the path, where one host serves several clusters.
 */
export function clusterIdentity(config: KubeConfig): string {
  const server = config.getCurrentCluster()?.server ?? '';
  try {
    const { protocol, host, pathname } = new URL(server);
    const identity = host.toLowerCase() + pathname.replace(/\/+$/, '');
    if (protocol === 'https:' && isClusterIdentity(identity)) return identity;
  } catch {
    // Said below.
  }
  throw new KubeconfigError(
    `the cluster of context ${config.currentContext} has the server "${withoutLogin(server)}", which is no https:// URL of an API server`,
    'Look at it with: oc config view',
  );
}

/** A name and a password may stand before its host. */
const withoutLogin = (server: string): string => server.replace(/^(\w+:\/\/)?.*@/s, '$1…@');
