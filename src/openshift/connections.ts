import type { KubeConfig } from '@kubernetes/client-node';
import { HttpMethod, RequestContext } from '@kubernetes/client-node';
import type { Dispatcher } from 'undici';
import { getGlobalDispatcher } from 'undici';
import { copyOf } from './kubeconfig.ts';
import type { MadeWith } from './pool.ts';
import { Pool } from './pool.ts';

/** What is held by one request until it releases it. */
export interface Held {
  release(): void;
}

/** A way to the cluster. */
export interface Lease extends Held {
  readonly headers: Readonly<Record<string, string>>;
  readonly dispatcher: Dispatcher;
  /** The server does not take its credentials: true where the next lease asks for others, of a plugin or a file. */
  refused(): boolean;
}

/**
 * The connections of one kubeconfig context. They are kept alive and shared as long as the credentials stay the same;
 * these are asked for with every request, so that rotated ones are noticed.
 */
export class Connections {
  #config: KubeConfig;
  #pool: Pool | undefined;
  #inUse = 0;
  #closing = false;
  readonly #closed: (() => void)[] = [];

  /** `config` must have its context selected. */
  constructor(config: KubeConfig) {
    this.#config = config;
  }

  /** Rejects where the credentials cannot be had. Also after `close`: then it keeps no connection. */
  async lease(url: URL): Promise<Lease> {
    this.#inUse += 1;
    const config = this.#config;
    try {
      const context = new RequestContext(url.toString(), HttpMethod.GET);
      const pool = this.#poolOf(await authenticate(config, context), context);
      pool.hold();
      let held = true;
      return {
        headers: context.getHeaders(),
        dispatcher: pool.dispatcher ?? getGlobalDispatcher(),
        refused: () => {
          this.#forget(config);
          const user = config.getCurrentUser();
          return Boolean(user?.exec ?? user?.authProvider);
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

  /** What the library remembers of a plugin's answer goes with its KubeConfig, unless another request has seen to it. */
  #forget(config: KubeConfig): void {
    if (this.#config === config) this.#config = copyOf(config);
  }

  /** KubeConfig makes a new dispatcher, and with it new TLS connections, every time: the first of its kind is kept. */
  #poolOf(madeWith: MadeWith | undefined, context: RequestContext): Pool {
    if (this.#pool?.isMadeWith(madeWith)) return this.#pool;
    this.#pool?.retire();
    this.#pool = new Pool(context.getDispatcher(), madeWith);
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
async function authenticate(config: KubeConfig, context: RequestContext): Promise<MadeWith | undefined> {
  let madeWith: MadeWith | undefined;
  // It has what the other one has, and remembers where that does: two requests at once do not meet here.
  const own = Object.create(config) as KubeConfig;
  own.createDispatcherOptions = (cluster, options) => {
    madeWith = config.createDispatcherOptions(cluster, options);
    return madeWith;
  };
  await own.applySecurityAuthentication(context);
  return madeWith;
}
