import { proxyFor } from '../../proxy-for.ts';
import { trustThem } from '../../trusted-authorities.ts';
import type { KubeconfigCluster } from '../kubeconfig/kubeconfig-entries.ts';

/**
 * The cluster with the proxy that leads to it: `proxy-url`, for loopback too, else what the environment names. Throws
 * ProxyError.
 */
export function throughProxy(cluster: KubeconfigCluster): KubeconfigCluster {
  const server = URL.parse(cluster.server);
  const proxyUrl = cluster.proxyUrl ?? (server && proxyFor(server)?.href);
  if (!proxyUrl) return cluster;
  // Nothing names an authority for the proxy itself.
  if (proxyUrl.startsWith('https:')) trustThem();
  // Whoever opens a socket looks names up itself unless it is told: the proxy may know more of them.
  return { ...cluster, proxyUrl: proxyUrl.replace(/^socks5:/, 'socks5h:') };
}
