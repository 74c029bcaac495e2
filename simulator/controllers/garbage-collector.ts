import type { Cluster } from '../cluster.ts';
import { RESOURCES } from '../resources.ts';
import type { KubeObject, ResourceType } from '../types.ts';
import { keyOf } from './runtime.ts';
import { findByKind } from '../resources.ts';

const WRITER = 'system:controller:garbage-collector';
const DEPENDENT_KINDS: readonly ResourceType[] = [RESOURCES.replicationcontrollers, RESOURCES.pods];
const FOREGROUND = 'foregroundDeletion';
const ORPHAN = 'orphan';

/** Removes what a deleted owner leaves behind, and ends foreground and orphan deletions once nothing holds them. */
export function startGarbageCollector(cluster: Cluster): void {
  const { store, runtime, timing } = cluster;

  store.subscribe(({ type, resource, object }) => {
    if (type === 'DELETED') {
      for (const [dependent, dependentType] of dependentsOf(object)) collect(dependentType, dependent);
      for (const owner of object.metadata.ownerReferences ?? []) {
        const ownerType = findByKind(owner.apiVersion, owner.kind);
        if (ownerType)
          runtime.enqueue('gc', { ...keyOf(object), name: owner.name }, (key) => {
            finish(ownerType, key);
          });
      }
      return;
    }
    if (!object.metadata.deletionTimestamp || resource === RESOURCES.pods) return;
    runtime.enqueue('gc', keyOf(object), (key) => {
      finish(resource, key);
    });
  });

  function dependentsOf(owner: KubeObject): [KubeObject, ResourceType][] {
    return DEPENDENT_KINDS.flatMap((type) =>
      store
        .list(type, owner.metadata.namespace)
        .filter((object) => object.metadata.ownerReferences?.some(({ uid }) => uid === owner.metadata.uid))
        .map((object): [KubeObject, ResourceType] => [object, type]),
    );
  }

  function collect(resource: ResourceType, object: KubeObject, foreground = false): void {
    if (object.metadata.deletionTimestamp) return;
    const deletionTimestamp = new Date().toISOString();
    if (resource === RESOURCES.pods) {
      store.update(resource, { ...object, metadata: { ...object.metadata, deletionTimestamp } }, WRITER);
    } else if (foreground) {
      const finalizers = [...(object.metadata.finalizers ?? []), FOREGROUND];
      const metadata = { ...object.metadata, deletionTimestamp, finalizers };
      store.update(resource, { ...object, metadata }, WRITER);
    } else {
      runtime.after(timing.terminationMs / 4, () => {
        const { namespace, name } = keyOf(object);
        if (store.get(resource, namespace, name)?.metadata.uid === object.metadata.uid) {
          store.remove(resource, namespace, name, WRITER);
        }
      });
    }
  }

  function finish(resource: ResourceType, key: { namespace: string; name: string }): void {
    const object = store.get(resource, key.namespace || undefined, key.name);
    if (!object?.metadata.deletionTimestamp) return;
    const finalizers = object.metadata.finalizers ?? [];
    if (finalizers.includes(FOREGROUND)) {
      const dependents = dependentsOf(object);
      for (const [dependent, type] of dependents) collect(type, dependent, true);
      if (dependents.length === 0) drop(resource, object, FOREGROUND);
    } else if (finalizers.includes(ORPHAN)) {
      for (const [dependent, type] of dependentsOf(object)) orphan(type, dependent, object.metadata.uid);
      drop(resource, object, ORPHAN);
    } else if (finalizers.length === 0) {
      store.remove(resource, object.metadata.namespace, object.metadata.name, WRITER);
    }
  }

  function orphan(resource: ResourceType, object: KubeObject, ownerUid: string): void {
    const { ownerReferences = [], ...metadata } = object.metadata;
    const kept = ownerReferences.filter(({ uid }) => uid !== ownerUid);
    store.update(
      resource,
      { ...object, metadata: { ...metadata, ...(kept.length > 0 ? { ownerReferences: kept } : {}) } },
      WRITER,
    );
  }

  function drop(resource: ResourceType, object: KubeObject, finalizer: string): void {
    const finalizers = (object.metadata.finalizers ?? []).filter((name) => name !== finalizer);
    if (finalizers.length === 0) {
      store.remove(resource, object.metadata.namespace, object.metadata.name, WRITER);
    } else {
      store.update(resource, { ...object, metadata: { ...object.metadata, finalizers } }, WRITER);
    }
  }
}
