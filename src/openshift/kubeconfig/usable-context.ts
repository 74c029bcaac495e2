import { closeSync, openSync } from 'node:fs';
import type { KubeConfig } from '@kubernetes/client-node';
import { whyNotRead } from '../../config/reading/read-text.ts';
import type { KubeconfigCluster, KubeconfigUser } from './kubeconfig-entries.ts';
import { hasPlainLogin } from '../../proxy-for.ts';
import { KubeconfigError } from './kubeconfig-error.ts';

/**
 * Throws KubeconfigError where kubectl would not use the selected context either: client-go, clientcmd/validation.go. What it
 * refuses beyond that (`interactiveMode` left out, data beside a file of the same) has one clear meaning, and is taken.
 */
export function requireUsable(selected: KubeConfig): void {
  const cluster = selected.getCurrentCluster() as KubeconfigCluster | null;
  const user = selected.getCurrentUser() as KubeconfigUser | null;
  if (cluster) {
    const where = `cluster ${cluster.name}`;
    requireReadable(cluster, where, { 'certificate-authority': cluster.caFile });
    requireProxy(cluster, where);
    if (cluster.skipTLSVerify && (cluster.caFile ?? cluster.caData))
      throw unusable(
        cluster.file,
        where,
        'has a certificate-authority and insecure-skip-tls-verify: one of them is not meant',
        'Take the latter out with: oc config unset clusters.NAME.insecure-skip-tls-verify',
      );
  }
  if (!user) throw new KubeconfigError(`context ${selected.getCurrentContext()} names no user`, LOG_IN);
  const where = `user ${user.name}`;
  requireReadable(user, where, { 'client-certificate': user.certFile, 'client-key': user.keyFile });
  requireWhole(user, where);
}

const LOG_IN = 'Log in with: oc login';

interface Entry {
  /** Of the kubeconfig; absent where none of ours has read it. */
  readonly file?: string;
}

function requireReadable(
  { file }: Entry,
  where: string,
  files: Readonly<Record<string, string | undefined>>,
): void {
  for (const [field, path] of Object.entries(files)) {
    if (path === undefined) continue;
    try {
      closeSync(openSync(path, 'r'));
    } catch (error) {
      throw unusable(
        file,
        where,
        `names ${path} as its ${field}, which cannot be read: ${whyNotRead(error)}`,
        `Put that file there, or write it into the kubeconfig as ${field}-data.`,
      );
    }
  }
}

/** https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/#Cluster */
function requireProxy({ file, proxyUrl }: KubeconfigCluster, where: string): void {
  if (!proxyUrl) return;
  const url = URL.canParse(proxyUrl) ? new URL(proxyUrl) : undefined;
  if (url && /^(https?|socks5h?):$/.test(url.protocol) && hasPlainLogin(url)) return;
  // It may hold a password: nothing of it is quoted.
  throw unusable(file, where, 'has a proxy-url that is no URL of http://, https:// or socks5://');
}

function requireWhole(user: KubeconfigUser, where: string): void {
  const { file, exec } = user;
  const ways = [
    ...(user.token ? ['token'] : []),
    ...(user.username || user.password ? ['username and password'] : []),
  ];
  if (ways.length > 1) throw unusable(file, where, `has two ways to log in: ${ways.join(', ')}`);
  if (ways.length === 0 && !(exec ?? user.authProvider ?? user.tokenFile ?? user.certFile ?? user.certData)) {
    // kubectl asks for a name and a password here; whoever shows nothing is nobody to the API server, and may do nothing.
    throw unusable(
      file,
      where,
      'has nothing to log in with: no token, tokenFile, client-certificate, exec or password',
      LOG_IN,
    );
  }
  const [certificate, key] = [user.certFile ?? user.certData, user.keyFile ?? user.keyData];
  if (certificate && !key) throw unusable(file, where, 'has a client-certificate, and no client-key');
  const { impersonateUid, impersonateGroups, impersonateExtra } = user;
  if (!user.impersonateUser && (impersonateUid ?? impersonateGroups ?? impersonateExtra) !== undefined)
    throw unusable(file, where, 'has as-uid, as-groups or as-user-extra, and no as');
  if (!exec) return;
  if (user.authProvider) throw unusable(file, where, 'has an exec plugin and an auth-provider');
  if (!exec.command) throw unusable(file, where, 'has an exec plugin without a command');
  if (!/^client\.authentication\.k8s\.io\/(v1|v1beta1)$/.test(exec.apiVersion ?? ''))
    throw unusable(
      file,
      where,
      'has an exec plugin whose apiVersion is not client.authentication.k8s.io/v1 (or of a beta)',
    );
}

function unusable(
  file: string | undefined,
  where: string,
  what: string,
  hint = 'Look at it with: oc config view',
): KubeconfigError {
  return new KubeconfigError(`${where}${file === undefined ? '' : ` of ${file}`} ${what}`, hint);
}
