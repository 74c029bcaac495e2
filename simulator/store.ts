import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { alreadyExists, conflict, notFound } from './errors.ts';
import type { KubeObject, ResourceType, Store, StoreEvent, Writer } from './types.ts';

/** Kinds whose metadata.generation the API keeps; others (Secret, ConfigMap, Service …) have none. */
const WITH_GENERATION = new Set([
  'DeploymentConfig',
  'Deployment',
  'ImageStream',
  'Route',
  'ReplicationController',
  'Pod',
]);

const now = (): string => new Date().toISOString().replace(/\.\d+Z$/, 'Z');

/** Makes a cluster's store; see `Store` for its contract. */
export function createStore(observe: (event: StoreEvent, writer: Writer) => void): Store {
  /** resource plural.group → namespace → name → object */
  const objects = new Map<ResourceType, Map<string, Map<string, KubeObject>>>();
  /** Names in order, until one comes or goes: lists are asked for far more often. */
  const sorted = new WeakMap<Map<string, KubeObject>, readonly string[]>();
  const listeners = new Set<(event: StoreEvent) => void>();
  const queue: StoreEvent[] = [];
  let delivering = false;
  let revision = 1000;

  function bucket(resource: ResourceType, namespace: string | undefined): Map<string, KubeObject> {
    let byNamespace = objects.get(resource);
    if (!byNamespace) objects.set(resource, (byNamespace = new Map()));
    const key = namespace ?? '';
    let byName = byNamespace.get(key);
    if (!byName) byNamespace.set(key, (byName = new Map()));
    return byName;
  }

  function inOrder(byName: Map<string, KubeObject>): KubeObject[] {
    let names = sorted.get(byName);
    if (!names) sorted.set(byName, (names = [...byName.keys()].sort(compare)));
    return names.flatMap((name) => byName.get(name) ?? []);
  }

  /** In order, and never inside another delivery: a listener that writes is told of its own write later. */
  function emit(event: StoreEvent, writer: Writer): void {
    observe(event, writer);
    queue.push(event);
    if (delivering) return;
    delivering = true;
    try {
      for (let next = queue.shift(); next; next = queue.shift()) {
        for (const listener of [...listeners]) listener(next);
      }
    } finally {
      delivering = false;
    }
  }

  return {
    get: (resource, namespace, name) =>
      objects
        .get(resource)
        ?.get(namespace ?? '')
        ?.get(name),

    list(resource, namespace) {
      const byNamespace = objects.get(resource);
      if (!byNamespace) return [];
      const buckets =
        namespace === undefined
          ? [...byNamespace].sort(([a], [b]) => compare(a, b)).map(([, b]) => b)
          : [byNamespace.get(namespace)];
      return buckets.flatMap((b) => (b ? inOrder(b) : []));
    },

    create(resource, object, writer) {
      const { name, namespace } = object.metadata;
      const byName = bucket(resource, namespace);
      if (byName.has(name)) throw alreadyExists(resource, name);
      const stored: KubeObject = {
        ...object,
        metadata: {
          ...object.metadata,
          uid: randomUUID(),
          resourceVersion: String(++revision),
          creationTimestamp: now(),
          ...(WITH_GENERATION.has(resource.kind) ? { generation: object.metadata.generation ?? 1 } : {}),
        },
      };
      byName.set(name, stored);
      sorted.delete(byName);
      emit({ type: 'ADDED', resource, object: stored }, writer);
      return stored;
    },

    update(resource, object, writer) {
      const { name, namespace } = object.metadata;
      const byName = bucket(resource, namespace);
      const previous = byName.get(name);
      if (!previous) throw notFound(resource, name);
      const given = object.metadata.resourceVersion;
      if (given && given !== previous.metadata.resourceVersion) throw conflict(resource, name);
      const kept = previous.metadata;
      const metadata = {
        ...object.metadata,
        uid: kept.uid,
        creationTimestamp: kept.creationTimestamp,
        resourceVersion: kept.resourceVersion,
        ...(kept.generation === undefined ? {} : { generation: kept.generation }),
      };
      const same =
        isDeepStrictEqual({ ...object, metadata }, previous) &&
        (object.metadata.generation ?? 0) <= (kept.generation ?? 0);
      if (same) return previous;
      const deleted = metadata.deletionTimestamp !== undefined && kept.deletionTimestamp === undefined;
      if (metadata.generation !== undefined && (deleted || !isDeepStrictEqual(object.spec, previous.spec))) {
        metadata.generation += 1;
      } else if (metadata.generation !== undefined) {
        // A strategy may raise it where the spec stays: instantiate does.
        metadata.generation = Math.max(metadata.generation, object.metadata.generation ?? 0);
      }
      const stored: KubeObject = {
        ...object,
        metadata: { ...metadata, resourceVersion: String(++revision) },
      };
      byName.set(name, stored);
      emit({ type: 'MODIFIED', resource, object: stored, previous }, writer);
      return stored;
    },

    remove(resource, namespace, name, writer) {
      const byName = bucket(resource, namespace);
      const previous = byName.get(name);
      if (!previous) throw notFound(resource, name);
      byName.delete(name);
      sorted.delete(byName);
      const object = {
        ...previous,
        metadata: { ...previous.metadata, resourceVersion: String(++revision) },
      };
      emit({ type: 'DELETED', resource, object, previous }, writer);
    },

    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },

    get resourceVersion() {
      return revision;
    },
  };
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
