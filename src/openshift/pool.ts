import { isDeepStrictEqual } from 'node:util';
import type { KubeConfig } from '@kubernetes/client-node';
import type { Dispatcher } from 'undici';

/** All that a connection is made with: authority, client certificate and key, proxy. */
export type MadeWith = ReturnType<KubeConfig['createDispatcherOptions']>;

/** Connections that were made with the same credentials: kept alive, shared, and closed when nobody uses them any more. */
export class Pool {
  /** Undefined: any will do. */
  readonly dispatcher: Dispatcher | undefined;
  readonly #madeWith: MadeWith | undefined;
  #inUse = 0;
  #isRetired = false;
  #closing: Promise<void> | undefined;

  constructor(dispatcher: Dispatcher | undefined, madeWith: MadeWith | undefined) {
    this.dispatcher = dispatcher;
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
