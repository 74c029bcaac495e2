import type { Cluster } from '../cluster.ts';
import type { KubeObject, ResourceType, Store, StoreEvent } from '../types.ts';

/** How many changes a watch may go back at least; older ones are compacted, many at a time. */
const HISTORY = 20_000;
const COMPACTED_AT_ONCE = 5_000;

/** Past changes of a cluster: a watch may start at an older resourceVersion, and a read may be of an earlier time. */
export class WatchHistory {
  readonly #events: { readonly event: StoreEvent; readonly at: number }[] = [];
  readonly #store: Store;
  #compacted = 0;

  constructor({ store }: Pick<Cluster, 'store'>) {
    this.#store = store;
    store.subscribe((event) => {
      this.#events.push({ event, at: Date.now() });
      if (this.#events.length < HISTORY + COMPACTED_AT_ONCE) return;
      this.#compacted = version(this.#events.splice(0, COMPACTED_AT_ONCE).at(-1)?.event.object);
    });
  }

  /** Changes after this version; undefined when they are no longer known. */
  since(resourceVersion: number): readonly StoreEvent[] | undefined {
    if (resourceVersion < this.#compacted) return undefined;
    let [from, to] = [0, this.#events.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      if (version(this.#events[middle]?.event.object) > resourceVersion) to = middle;
      else from = middle + 1;
    }
    return this.#events.slice(from).map(({ event }) => event);
  }

  /** Forgets everything, as a compaction does: older watches are told 410. */
  compact(): void {
    this.#events.length = 0;
    this.#compacted = this.#store.resourceVersion;
  }

  /** The store as it was at that time, to be read only. */
  asOf(time: number): Store {
    const undone = this.#events.filter(({ at }) => at > time).map(({ event }) => event);
    const [first] = undone;
    return first ? past(this.#store, undone, version(first.object) - 1) : this.#store;
  }
}

const version = (object: KubeObject | undefined): number => Number(object?.metadata.resourceVersion ?? 0);

function past(store: Store, undone: readonly StoreEvent[], resourceVersion: number): Store {
  /** What each object that has changed since was then; undefined for what was not there. */
  const then = new Map<string, KubeObject | undefined>();
  const keyOf = (resource: ResourceType, namespace: string | undefined, name: string): string =>
    [resource.group, resource.plural, namespace, name].join('/');
  for (const { resource, object, previous } of [...undone].reverse())
    then.set(keyOf(resource, object.metadata.namespace, object.metadata.name), previous);
  return {
    ...store,
    resourceVersion,
    get(resource, namespace, name) {
      const key = keyOf(resource, namespace, name);
      return then.has(key) ? then.get(key) : store.get(resource, namespace, name);
    },
    list(resource, namespace) {
      const unchanged = store
        .list(resource, namespace)
        .filter(({ metadata }) => !then.has(keyOf(resource, metadata.namespace, metadata.name)));
      const changed = undone
        .filter((event) => event.resource === resource)
        .flatMap(
          ({ object: { metadata } }) => then.get(keyOf(resource, metadata.namespace, metadata.name)) ?? [],
        );
      const wanted = changed.filter(
        ({ metadata }) => namespace === undefined || metadata.namespace === namespace,
      );
      return [...unchanged, ...new Set(wanted)].sort((a, b) => (place(a) < place(b) ? -1 : 1));
    },
  };
}

const place = ({ metadata }: KubeObject): string => `${metadata.namespace ?? ''}/${metadata.name}`;
