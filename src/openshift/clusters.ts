import type { KubeConfig } from '@kubernetes/client-node';
import { isLabelName } from '../domain/text/object-name.ts';
import type { TenantRef } from '../domain/tenant/tenant.ts';
import { ProxyError } from '../proxy-for.ts';
import { CurrentKubeconfig } from './kubeconfig/current-kubeconfig.ts';
import { Discovery } from './discovery.ts';
import { clusterIdentity, KubeconfigError, selectContext } from './kubeconfig/kubeconfig.ts';
import { TenantApi } from './tenant-api.ts';
import type { TransportOptions } from './http/transport.ts';
import { Transport } from './http/transport.ts';
import { requireUsable } from './kubeconfig/usable-context.ts';

export interface ClustersOptions extends TransportOptions {
  /** Told once for each cluster whose certificate is not verified. */
  readonly warn?: ((warning: string) => void) | undefined;
}

/** One context of the kubeconfig, as it is now. */
interface Selected {
  readonly config: KubeConfig;
  /** Of the cluster that it leads to. */
  readonly cluster: string;
}

/** The clusters that one kubeconfig reaches, with one pool of connections for each context. */
export class Clusters {
  readonly #kubeconfig: CurrentKubeconfig;
  readonly #options: ClustersOptions;
  /** By context and cluster; all of them of `#transportsOf`. */
  readonly #transports = new Map<string, Transport>();
  #transportsOf: KubeConfig | undefined;
  #warned = new Set<string>();

  /** `file`: as --kubeconfig names it; found as kubectl finds it where absent. Read when first needed. */
  constructor(file?: string, options: ClustersOptions = {}) {
    this.#kubeconfig = new CurrentKubeconfig(file);
    this.#options = options;
  }

  /**
   * Names a tenant by the identity of its cluster. Throws KubeconfigError for a context that is not there, and for what
   * no project can be called.
   */
  tenant(context: string | undefined, namespace: string | undefined): TenantRef {
    return this.#kubeconfig.read((config) => {
      const name = context ?? config.getCurrentContext();
      if (!name) {
        const names = config.getContexts().map((known) => known.name);
        throw new KubeconfigError(
          'no context is named, and the kubeconfig has no current one',
          `Name one with --context: ${names.join(', ')}.`,
        );
      }
      const selected = this.#select(config, name);
      const project = namespace ?? selected.config.getContextObject(name)?.namespace;
      if (!project) {
        throw new KubeconfigError(
          `no namespace is named, and context ${name} has none`,
          'Name the project of the 3scale installation with --namespace.',
        );
      }
      if (!isLabelName(project)) {
        throw new KubeconfigError(
          `${JSON.stringify(project.slice(0, 80))} is no name of a project`,
          'Use lower-case letters, digits and -, at most 63 characters, as in: --namespace 3scale-shop',
        );
      }
      return { cluster: selected.cluster, context: name, namespace: project };
    });
  }

  /**
   * The tenant's objects. Throws KubeconfigError where the context is gone, or leads to another cluster than when the
   * tenant was named: a kubeconfig that was changed must not send an upgrade elsewhere. What was opened before goes on
   * with the cluster and the credentials that it was opened with.
   */
  open({ cluster, context, namespace }: TenantRef, signal?: AbortSignal): TenantApi {
    const selected = this.#selected(context);
    if (selected.cluster !== cluster) {
      throw new KubeconfigError(
        `context ${context} leads to ${selected.cluster} now, not to ${cluster}`,
        `Give the worker a kubeconfig whose context ${context} leads to ${cluster}.`,
      );
    }
    return new TenantApi(this.#transportTo(context, selected), namespace, signal);
  }

  /** Looks for installations wherever the context's identity can see. Throws KubeconfigError. */
  discovery(context: string): Discovery {
    const selected = this.#selected(context);
    return new Discovery(this.#transportTo(context, selected), selected.cluster);
  }

  /**
   * Rejects where the API server of a context does not answer, or refuses the credentials: with KubeconfigError,
   * OpenShiftError, or the signal's reason. It asks for its version, which everybody may see.
   */
  async reach(context: string, signal: AbortSignal): Promise<void> {
    const transport = this.#transportTo(context, this.#selected(context));
    await transport.request({ method: 'GET', path: '/version', signal });
  }

  /** Identity of the cluster that a context leads to, as TenantRef has it. Throws KubeconfigError. */
  clusterOf(context: string): string {
    return this.#kubeconfig.read((config) => this.#select(config, context).cluster);
  }

  /** Names of all contexts. Throws KubeconfigError where there is no kubeconfig, or it does not parse. */
  contexts(): string[] {
    return this.#kubeconfig.read((config) => config.getContexts().map(({ name }) => name));
  }

  /** Warns of every cluster of the kubeconfig, whether it is opened or not: a worker may come to open any. */
  warnOfAll(): void {
    for (const context of this.contexts()) {
      try {
        this.#selected(context);
      } catch (error) {
        // Said to whoever asks for that context.
        if (!(error instanceof KubeconfigError)) throw error;
      }
    }
  }

  /** Of the same kubeconfig, with connections of its own. */
  copy(): Clusters {
    const copy = new Clusters(this.#kubeconfig.file, this.#options);
    copy.#warned = this.#warned;
    return copy;
  }

  /** Resolves when all that is under way has ended, and every connection is closed. */
  async close(): Promise<void> {
    const transports = [...this.#transports.values()];
    this.#transports.clear();
    await Promise.all(transports.map((transport) => transport.close()));
  }

  #selected(context: string): Selected {
    return this.#kubeconfig.read((config) => {
      this.#letGoOfOther(config);
      const selected = this.#select(config, context);
      // Who only names a tenant needs no credentials.
      requireUsable(selected.config);
      return selected;
    });
  }

  #select(config: KubeConfig, context: string): Selected {
    const selected = selectContext(config, context);
    const cluster = clusterIdentity(selected);
    if (selected.getCurrentCluster()?.skipTLSVerify && !this.#warned.has(cluster)) {
      this.#warned.add(cluster);
      this.#options.warn?.(unverified(context, cluster));
    }
    return { config: selected, cluster };
  }

  #transportTo(context: string, { config, cluster }: Selected): Transport {
    const key = JSON.stringify([context, cluster]);
    const transport = this.#transports.get(key) ?? open(config, this.#options);
    this.#transports.set(key, transport);
    return transport;
  }

  /** What still uses the old ones ends well, each with the cluster that it was opened for. */
  #letGoOfOther(config: KubeConfig): void {
    if (this.#transportsOf === config) return;
    this.#transportsOf = config;
    void this.close();
  }
}

function open(config: KubeConfig, options: TransportOptions): Transport {
  try {
    return new Transport(config, options);
  } catch (error) {
    if (error instanceof ProxyError) throw new KubeconfigError(error.message, error.hint);
    throw error;
  }
}

function unverified(context: string, cluster: string): string {
  return (
    `warning: the certificate of ${cluster} is not verified (context ${context} has insecure-skip-tls-verify): ` +
    'whoever is in between can read the credentials and every Secret, and change everything'
  );
}
