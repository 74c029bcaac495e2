import { isDeepStrictEqual } from 'node:util';
import type { KubeConfig } from '@kubernetes/client-node';
import type { Dispatcher } from 'undici';
import { ProxyAgent } from 'undici';

/** All that a connection is made with: authority, client certificate and key, proxy. */
export type MadeWith = ReturnType<KubeConfig['createDispatcherOptions']>;

type ByProxy = Extract<MadeWith, { readonly type: 'proxy' | 'socks' }>;

export const isByProxy = (madeWith: MadeWith | undefined): madeWith is ByProxy =>
  madeWith?.type === 'proxy' || madeWith?.type === 'socks';

/** The library's own way through SOCKS5 shows no password to the proxy, and heeds no `tls-server-name`. */
function byProxy({ uri, requestTls }: ByProxy): Dispatcher {
  // Names are looked up by the proxy either way, as in Go.
  const options = { uri: uri.replace(/^socks5h:/, 'socks5:'), requestTls };
  return new ProxyAgent(options as ProxyAgent.Options);
}

/** Connections that were made with the same credentials: kept alive, shared, and closed when nobody uses them any more. */
export class Pool {
  /** Undefined: any will do. */
  readonly dispatcher: Dispatcher | undefined;
  readonly #madeWith: MadeWith | undefined;
  #inUse = 0;
  #isRetired = false;
  #closing: Promise<void> | undefined;

  /** `dispatcher`: as the library makes it, where no proxy is in between. */
  constructor(madeWith: MadeWith | undefined, dispatcher: Dispatcher | undefined) {
    this.dispatcher = isByProxy(madeWith) ? byProxy(madeWith) : dispatcher;
    this.#madeWith = madeWith;
  }

  isMadeWith(options: MadeWith | undefined): boolean {
    return isDeepStrictEqual(this.#madeWith, options);
  }

  hold(): void {
    this.#inUse += 1;
  }

  release(): void {
    this.#inUse -= 1;
    if (this.#isRetired && this.#inUse === 0) void this.close();
  }

  /** It is held by nobody anew, and closed as soon as nobody holds it. */
  retire(): void {
    this.#isRetired = true;
    if (this.#inUse === 0) void this.close();
  }

  close(): Promise<void> {
    return (this.#closing ??= this.dispatcher?.close() ?? Promise.resolve());
  }
}
