import type { KubeConfig } from '@kubernetes/client-node';
import { HttpMethod, RequestContext } from '@kubernetes/client-node';
import type { Dispatcher } from 'undici';
import { getGlobalDispatcher } from 'undici';

/** What is held by one request until it releases it. */
export interface Held {
  release(): void;
}

/** A way to the cluster. */
export interface Lease extends Held {
  readonly headers: Readonly<Record<string, string>>;
  readonly dispatcher: Dispatcher;
}

/**
 * The connections of one kubeconfig context. They are kept alive and shared; credentials are asked for with every
 * request, so that rotated ones are noticed.
 */
export class Connections {
  readonly #config: KubeConfig;
  #dispatcher: Dispatcher | undefined;
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
    try {
      const context = new RequestContext(url.toString(), HttpMethod.GET);
      await this.#config.applySecurityAuthentication(context);
      // KubeConfig makes a new dispatcher, and with it new TLS connections, every time: the first is kept.
      this.#dispatcher ??= context.getDispatcher();
      let held = true;
      return {
        headers: context.getHeaders(),
        dispatcher: this.#dispatcher ?? getGlobalDispatcher(),
        release: () => {
          if (held) this.#release();
          held = false;
        },
      };
    } catch (error) {
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

  #release(): void {
    this.#inUse -= 1;
    if (!this.#closing || this.#inUse > 0) return;
    void this.#drop().then(() => {
      for (const resolve of this.#closed.splice(0)) resolve();
    });
  }

  async #drop(): Promise<void> {
    const dispatcher = this.#dispatcher;
    this.#dispatcher = undefined;
    await dispatcher?.close();
  }
}
