import { pause } from './pause.ts';
import type { ObjectMeta } from './types.ts';
import type { Watch, WatchEvent } from './watch.ts';
import { openWatch } from './watch.ts';

/** A watch may hang without a word: what is quiet is read again, ever more seldom while nothing happens. */
const QUIET_MS = { first: 5_000, longest: 30_000 };
/** Where no watch lasts, it is polled. */
const REOPEN_MS = { first: 500, longest: 5_000 };

/** How one object is had. */
export interface Source<T> {
  read(): Promise<T | undefined>;
  watch(resourceVersion: string, signal: AbortSignal): AsyncIterable<WatchEvent<T>>;
}

/**
 * Yields an object as the caller has it, then as it is after each change, and as it is read again where nothing was
 * heard for a while; undefined where it is gone. Never ends by itself. One watch serves for as long as it lasts.
 */
export async function* follow<T extends { readonly metadata: ObjectMeta }>(
  source: Source<T>,
  first: T,
  signal?: AbortSignal,
): AsyncGenerator<T | undefined> {
  let current: T | undefined = first;
  let watch: Watch<T> | undefined;
  let quietMs = QUIET_MS.first;
  let reopenMs = REOPEN_MS.first;
  try {
    for (;;) {
      yield current;
      const version = versionOf(current);
      watch ??= openWatch((stop) => source.watch(version, stop), signal);
      const news = await watch.next(quietMs);
      let moved = true;
      if (news.kind === 'changed') {
        current = news.object;
      } else {
        if (news.kind === 'ended') await pause(reopenMs, signal);
        current = await source.read();
        moved = versionOf(current) !== version;
        // A watch that kept quiet about a change is none.
        if (news.kind === 'ended' || moved) {
          watch.close();
          watch = undefined;
        }
      }
      quietMs = moved ? QUIET_MS.first : Math.min(quietMs * 2, QUIET_MS.longest);
      reopenMs = moved ? REOPEN_MS.first : Math.min(reopenMs * 2, REOPEN_MS.longest);
    }
  } finally {
    watch?.close();
  }
}

const versionOf = (object: { readonly metadata: ObjectMeta } | undefined): string =>
  object?.metadata.resourceVersion ?? '';
