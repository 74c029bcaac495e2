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
  /** Whether nothing has changed between two reads; default: the resourceVersion is the same. */
  isSame?(before: T, after: T): boolean;
  /** How long a watch may be quiet at first, and at the longest, before it is read again. */
  readonly quietMs?: typeof QUIET_MS;
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
  const quiet = source.quietMs ?? QUIET_MS;
  let quietMs = quiet.first;
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
        const before: T | undefined = current;
        current = await source.read();
        moved = !isSame(source, before, current);
        // A watch that kept quiet about a change is none.
        if (news.kind === 'ended' || moved) {
          watch.close();
          watch = undefined;
        }
      }
      quietMs = moved ? quiet.first : Math.min(quietMs * 2, quiet.longest);
      reopenMs = moved ? REOPEN_MS.first : Math.min(reopenMs * 2, REOPEN_MS.longest);
    }
  } finally {
    watch?.close();
  }
}

function isSame<T extends { readonly metadata: ObjectMeta }>(
  source: Source<T>,
  before: T | undefined,
  after: T | undefined,
): boolean {
  if (before && after && source.isSame) return source.isSame(before, after);
  return versionOf(before) === versionOf(after);
}

const versionOf = (object: { readonly metadata: ObjectMeta } | undefined): string =>
  object?.metadata.resourceVersion ?? '';
