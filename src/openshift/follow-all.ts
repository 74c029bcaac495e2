import type { Source } from './follow.ts';
import { follow } from './follow.ts';
import type { ObjectMeta } from './types.ts';
import type { WatchEvent } from './watch.ts';

/** A list, as the API answers it. */
export interface Listed<T> {
  readonly metadata?: { readonly resourceVersion?: string };
  readonly items: readonly T[] | null;
}

/** How all objects of a kind are had. */
export interface ListSource<T> {
  list(): Promise<Listed<T>>;
  watch(resourceVersion: string, signal: AbortSignal): AsyncIterable<WatchEvent<T>>;
  /** Whether an object is kept beside those that are there; the others are forgotten. Default: all are kept. */
  isKept?(object: T, all: ReadonlyMap<string, T>): boolean;
}

/** A watch tells of itself here more often than that of one object; a list costs more than that. */
const QUIET_MS = { first: 15_000, longest: 60_000 };

/** All of them, by name, as they were at one moment. */
interface Objects<T> {
  readonly metadata: ObjectMeta;
  readonly byName: ReadonlyMap<string, T>;
}

/**
 * Yields all objects of a kind by name, then the same after each change, or burst of changes: one list, and one watch for as
 * long as that lasts (see `follow`).
 */
export async function* followAll<T extends { readonly metadata: ObjectMeta }>(
  source: ListSource<T>,
  signal?: AbortSignal,
): AsyncGenerator<ReadonlyMap<string, T>> {
  const isKept = source.isKept?.bind(source) ?? ((): boolean => true);
  let known: Objects<T>;
  async function read(): Promise<Objects<T>> {
    const { metadata, items } = await source.list();
    const byName = new Map<string, T>();
    for (const object of items ?? []) put(byName, object, isKept);
    known = objectsAt(metadata?.resourceVersion, byName);
    return known;
  }
  async function* watch(version: string, stop: AbortSignal): AsyncGenerator<WatchEvent<Objects<T>>> {
    const byName = new Map(known.byName);
    for await (const { type, object } of source.watch(version, stop)) {
      // What is no object of the kind: a bookmark, or why the watch has ended.
      if (type === 'BOOKMARK') continue;
      if (type === 'ERROR') return;
      if (type === 'DELETED') byName.delete(object.metadata.name);
      else put(byName, object, isKept);
      yield { type: 'MODIFIED', object: objectsAt(object.metadata.resourceVersion, new Map(byName)) };
    }
  }
  const first = await read();
  const all: Source<Objects<T>> = { read, watch, isSame, quietMs: QUIET_MS };
  for await (const objects of follow(all, first, signal)) if (objects) yield objects.byName;
}

function objectsAt<T>(resourceVersion: string | undefined, byName: ReadonlyMap<string, T>): Objects<T> {
  return { metadata: { name: '', ...(resourceVersion === undefined ? {} : { resourceVersion }) }, byName };
}

function put<T extends { readonly metadata: ObjectMeta }>(
  byName: Map<string, T>,
  object: T,
  isKept: (object: T, all: ReadonlyMap<string, T>) => boolean,
): void {
  byName.set(object.metadata.name, object);
  for (const [name, one] of byName) if (!isKept(one, byName)) byName.delete(name);
}

/** The version of a list moves on with whatever the cluster writes. */
function isSame<T extends { readonly metadata: ObjectMeta }>(before: Objects<T>, after: Objects<T>): boolean {
  if (before.byName.size !== after.byName.size) return false;
  return [...after.byName].every(
    ([name, { metadata }]) => before.byName.get(name)?.metadata.resourceVersion === metadata.resourceVersion,
  );
}
