import type { KubeConfig } from '@kubernetes/client-node';
import type { TenantRef } from '../domain/tenant.ts';
import { Discovery } from './discovery.ts';
import {
  clusterIdentity,
  KubeconfigError,
  kubeconfigStamp,
  loadKubeconfig,
  selectContext,
} from './kubeconfig.ts';
import { withPluginsApart } from './plugin-environment.ts';
import { TenantApi } from './tenant-api.ts';
import { Transport } from './transport.ts';

/** The clusters that one kubeconfig reaches, with one pool of connections for each context. */
export class Clusters {
  readonly #file: string | undefined;
  #loadedConfig: { readonly config: KubeConfig; readonly stamp: string } | undefined;
  readonly #transports = new Map<string, Transport>();

  /** `file`: as --kubeconfig names it; found as kubectl finds it where absent. Read when first needed. */
  constructor(file?: string) {
    this.#file = file;
  }

  /** Names a tenant by the identity of its cluster. Throws KubeconfigError for a context that is not there. */
  tenant(context: string | undefined, namespace: string | undefined): TenantRef {
    const config = this.#loaded();
    const name = context ?? config.getCurrentContext();
    if (!name) {
      const names = config.getContexts().map((known) => known.name);
      throw new KubeconfigError(
        'no context is named, and the kubeconfig has no current one',
        `Name one with --context: ${names.join(', ')}.`,
      );
    }
    const selected = selectContext(config, name);
    const project = namespace ?? selected.getContextObject(name)?.namespace;
    if (!project) {
      throw new KubeconfigError(
        `no namespace is named, and context ${name} has none`,
        'Name the project of the 3scale installation with --namespace.',
      );
    }
    return { cluster: clusterIdentity(selected), context: name, namespace: project };
  }

  /**
   * The tenant's objects. Throws KubeconfigError where the context is gone, or leads to another cluster than when the
   * tenant was named: a kubeconfig that was changed must not send an upgrade elsewhere.
   */
  open({ cluster, context, namespace }: TenantRef, signal?: AbortSignal): TenantApi {
    return new TenantApi(this.#transportTo(context, cluster), namespace, signal);
  }

  /** Looks for installations wherever the context's identity can see. Throws KubeconfigError. */
  discovery(context: string): Discovery {
    const cluster = clusterIdentity(selectContext(this.#loaded(), context));
    return new Discovery(this.#transportTo(context, cluster), cluster);
  }

  /** Names of all contexts. Throws KubeconfigError where there is no kubeconfig, or it does not parse. */
  contexts(): string[] {
    return this.#loaded()
      .getContexts()
      .map(({ name }) => name);
  }

  /** Of the same kubeconfig, with connections of its own. */
  copy(): Clusters {
    return new Clusters(this.#file);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#transports.values()].map((transport) => transport.close()));
    this.#transports.clear();
  }

  #transportTo(context: string, cluster: string): Transport {
    const config = this.#loaded();
    const known = this.#transports.get(context);
    if (known) return known;
    const selected = selectContext(config, context);
    const found = clusterIdentity(selected);
    if (found !== cluster) {
      throw new KubeconfigError(
        `context ${context} leads to ${found} now, not to ${cluster}`,
        `Give the worker a kubeconfig whose context ${context} leads to ${cluster}.`,
      );
    }
    const transport = new Transport(withPluginsApart(selected));
    this.#transports.set(context, transport);
    return transport;
  }

  /** As the files are now: with a renewed login the next request uses it. */
  #loaded(): KubeConfig {
    const stamp = kubeconfigStamp(this.#file);
    if (this.#loadedConfig?.stamp !== stamp) {
      this.#loadedConfig = { config: loadKubeconfig(this.#file), stamp };
      for (const transport of this.#transports.values()) void transport.close();
      this.#transports.clear();
    }
    return this.#loadedConfig.config;
  }
}
