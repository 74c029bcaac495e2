import type { KubeConfig } from '@kubernetes/client-node';
import { HttpMethod, RequestContext } from '@kubernetes/client-node';
import type { Dispatcher } from 'undici';
import { getGlobalDispatcher } from 'undici';
import type { ClientOptions } from 'ws';
import { trustThem } from '../../trusted-authorities.ts';
import { Credentials } from '../kubeconfig/credentials.ts';
import { impersonation } from '../kubeconfig/impersonation.ts';
import type { KubeconfigCluster, KubeconfigUser } from '../kubeconfig/kubeconfig-entries.ts';
import { copyOf } from '../kubeconfig/kubeconfig.ts';
import type { MadeWith } from './pool.ts';
import { isByProxy, Pool } from './pool.ts';
import { throughProxy } from './through-proxy.ts';

/** What is held by one request until it releases it. */
export interface Held {
  release(): void;
  /** Host and port of the proxy in between. */
  readonly proxy: string | undefined;
}

/** A way to the cluster. */
export interface Lease extends Held {
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly dispatcher: Dispatcher;
  /** The server does not take its credentials: true where the next lease asks for others, of a plugin or a file. */
  refused(): boolean;
}

const NOWHERE: KubeconfigCluster = { name: '', file: '', server: '', skipTLSVerify: false };

/**
 * The connections of one kubeconfig context. They are kept alive and shared as long as the credentials stay the same;
 * these are asked for with every request, so that rotated ones are noticed.
 */
export class Connections {
  #config: KubeConfig;
  readonly #cluster: KubeconfigCluster;
  readonly #credentials: Credentials;
  #pool: Pool | undefined;
  #inUse = 0;
  #closing = false;
  readonly #closed: (() => void)[] = [];

  /** `config` must have its context selected. Throws ProxyError. */
  constructor(config: KubeConfig) {
    this.#config = config;
    const cluster = (config.getCurrentCluster() ?? NOWHERE) as KubeconfigCluster;
    // Nobody in particular, where the context names no user.
    const user = (config.getCurrentUser() ?? { name: '' }) as KubeconfigUser;
    this.#cluster = throughProxy(cluster);
    if (!cluster.caData && !cluster.caFile && !cluster.skipTLSVerify) trustThem();
    this.#credentials = new Credentials(user, cluster);
  }

  /** Rejects where the credentials cannot be had. Also after `close`: then it keeps no connection. */
  async lease(url: URL): Promise<Lease> {
    this.#inUse += 1;
    const config = this.#config;
    try {
      const user = await this.#credentials.current();
      const context = new RequestContext(url.toString(), HttpMethod.GET);
      const pool = this.#poolOf(await authenticate(this.#shown(config, user), context), context);
      pool.hold();
      let held = true;
      return {
        headers: { ...context.getHeaders(), ...impersonation(user) },
        dispatcher: pool.dispatcher ?? getGlobalDispatcher(),
        proxy: this.#proxy,
        refused: () => {
          this.#credentials.forget(user);
          this.#forget(config);
          return this.#credentials.canChange;
        },
        release: () => {
          if (!held) return;
          held = false;
          pool.release();
          this.#release();
        },
      };
    } catch (error) {
      this.#forget(config);
      this.#release();
      throw error;
    }
  }

  /**
   * Resolves when nothing is under way and every connection is closed. Whoever holds the transport may go on: what is
   * under way ends well, and what is asked later opens a connection and closes it again.
   */
  async close(): Promise<void> {
    this.#closing = true;
    if (this.#inUse === 0) return this.#drop();
    await new Promise<void>((resolve) => this.#closed.push(resolve));
  }

  /** For a WebSocket, which has a connection of its own. Rejects where the credentials cannot be had. */
  async socketOptions(): Promise<Held & { readonly options: ClientOptions }> {
    const user = await this.#credentials.current();
    // A KubeConfig makes all its sockets with the certificate of the first one, whatever its user shows later.
    const own = this.#shown(copyOf(this.#config), user);
    const options: ClientOptions = {};
    await own.applyToHTTPSOptions(options);
    // A header may have several values, which the type of ws does not say.
    const headers = { ...options.headers, ...impersonation(user) } as Record<string, string>;
    return { options: { ...options, headers }, proxy: this.#proxy, release: () => undefined };
  }

  get #proxy(): string | undefined {
    const { proxyUrl } = this.#cluster;
    return proxyUrl === undefined ? undefined : new URL(proxyUrl).host;
  }

  /** It has what the other one has, and remembers where that does: two requests at once do not meet here. */
  #shown(config: KubeConfig, user: KubeconfigUser): KubeConfig {
    const own = Object.create(config) as KubeConfig;
    const name = config.getContextObject(config.getCurrentContext())?.user ?? '';
    own.users = [{ ...user, name }];
    own.clusters = [this.#cluster];
    return own;
  }

  /** What the library remembers of a login goes with its KubeConfig, unless another request has seen to it. */
  #forget(config: KubeConfig): void {
    if (this.#config === config) this.#config = copyOf(config);
  }

  /** KubeConfig makes a new dispatcher, and with it new TLS connections, every time: the first of its kind is kept. */
  #poolOf(madeWith: MadeWith | undefined, context: RequestContext): Pool {
    if (this.#pool?.isMadeWith(madeWith)) return this.#pool;
    this.#pool?.retire();
    this.#pool = new Pool(madeWith, context.getDispatcher());
    return this.#pool;
  }

  #release(): void {
    this.#inUse -= 1;
    if (!this.#closing || this.#inUse > 0) return;
    void this.#drop().then(() => {
      for (const resolve of this.#closed.splice(0)) resolve();
    });
  }

  async #drop(): Promise<void> {
    const pool = this.#pool;
    this.#pool = undefined;
    await pool?.close();
  }
}

/** Gives the request its credentials, and tells what its connection is made with, which KubeConfig keeps to itself. */
async function authenticate(own: KubeConfig, context: RequestContext): Promise<MadeWith | undefined> {
  let madeWith: MadeWith | undefined;
  const make = own.createDispatcherOptions.bind(own);
  own.createDispatcherOptions = (cluster, options) => {
    madeWith = make(cluster, options);
    // What leads through a proxy is made here: see Pool.
    return isByProxy(madeWith) ? { type: 'none' } : madeWith;
  };
  await own.applySecurityAuthentication(context);
  return madeWith;
}
