import { pause } from './pause.ts';

/** Changes come in bursts: the last of a burst is enough. */
const SETTLE_MS = 100;

export interface WatchEvent<T> {
  readonly type: string;
  readonly object: T;
}

/** `quiet`: nothing came in time; `ended`: nothing will come any more. */
export type News<T> =
  /** As the object is now; undefined where it is gone. */
  { readonly kind: 'changed'; readonly object: T | undefined } | { readonly kind: 'quiet' | 'ended' };

/** A watch of one object. */
export interface Watch<T> {
  /** The newest change that was not handed out yet. Rejects only once the signal aborts. */
  next(timeoutMs: number): Promise<News<T>>;
  close(): void;
}

/**
 * Reads a watch in the background and keeps the newest object. Why a watch ended is not told: whoever follows the
 * object reads it again then, and meets what is wrong.
 */
export function openWatch<T>(
  open: (signal: AbortSignal) => AsyncIterable<WatchEvent<T>>,
  signal?: AbortSignal,
): Watch<T> {
  const closed = new AbortController();
  let newest: { readonly object: T | undefined } | undefined;
  let ended = false;
  let wake = (): void => undefined;
  const woken = (): void => {
    wake();
  };
  signal?.addEventListener('abort', woken, { once: true });

  async function read(): Promise<void> {
    try {
      const both = signal ? AbortSignal.any([signal, closed.signal]) : closed.signal;
      for await (const { type, object } of open(both)) {
        // Mostly: the version to go on from is no longer known.
        if (type === 'ERROR') break;
        if (type === 'BOOKMARK') continue;
        newest = { object: type === 'DELETED' ? undefined : object };
        wake();
      }
    } catch {
      // Told by `ended`.
    }
    ended = true;
    wake();
  }
  void read();

  return {
    async next(timeoutMs) {
      if (!newest && !ended && !signal?.aborted) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, timeoutMs);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      signal?.throwIfAborted();
      if (!newest) return { kind: ended ? 'ended' : 'quiet' };
      await pause(SETTLE_MS, signal);
      const { object } = newest;
      newest = undefined;
      return { kind: 'changed', object };
    },
    close() {
      signal?.removeEventListener('abort', woken);
      closed.abort();
    },
  };
}
