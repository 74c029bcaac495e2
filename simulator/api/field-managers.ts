import { isDeepStrictEqual } from 'node:util';
import { KINDS } from '../schema/kinds.ts';
import type { KubeObject, StoreEvent, Writer } from '../types.ts';
import { fieldPaths } from './field-paths.ts';

/** Who owns a field, and how it came to: appliers are known by name alone. */
export interface FieldOwner {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
}

/** What the controllers make and change all the time, and nobody applies. */
const NOBODY_APPLIES = new Set(['Pod', 'ReplicationController', 'Event']);

/** A change of status alone leaves all else as the very same values. */
function isSameSpec(object: KubeObject, previous: KubeObject): boolean {
  const { labels, annotations } = object.metadata;
  return (
    object.spec === previous.spec &&
    object.data === previous.data &&
    labels === previous.metadata.labels &&
    annotations === previous.metadata.annotations
  );
}

/** Which manager owns which fields of which object: what the real API keeps in `metadata.managedFields`. */
export interface FieldManagers {
  observe(event: StoreEvent, writer: Writer): void;
  /** Whatever is written meanwhile is this manager's. */
  as<T>(manager: string, write: () => T): T;
  /** Others' fields among these, with their owners; sorted. */
  othersOf(
    object: KubeObject,
    manager: string,
    paths: Iterable<string>,
  ): { path: string; owner: FieldOwner }[];
  /** What a manager has applied. */
  appliedBy(object: KubeObject, manager: string): ReadonlySet<string>;
  setApplied(object: KubeObject, manager: string, paths: Iterable<string>): void;
}

export function createFieldManagers(): FieldManagers {
  /** uid → owner (`Update curl`) → its fields */
  const owned = new Map<string, Map<string, Set<string>>>();
  let current: string | undefined;

  function fieldsOf(uid: string, key: string): Set<string> {
    let owners = owned.get(uid);
    if (!owners) owned.set(uid, (owners = new Map<string, Set<string>>()));
    let fields = owners.get(key);
    if (!fields) owners.set(key, (fields = new Set<string>()));
    return fields;
  }

  return {
    observe({ type, object, previous }, writer) {
      const schema = KINDS[object.kind];
      const { uid } = object.metadata;
      if (type === 'DELETED') return void owned.delete(uid);
      if (!schema || NOBODY_APPLIES.has(object.kind) || (previous && isSameSpec(object, previous))) return;
      const before = previous ? fieldPaths(previous, schema) : new Map<string, unknown>();
      const manager =
        current ?? (writer.startsWith('system:controller:') ? 'openshift-controller-manager' : writer);
      const after = fieldPaths(object, schema);
      const changed = [...after].filter(([path, value]) => !isDeepStrictEqual(before.get(path), value));
      const gone = [...before.keys()].filter((path) => !after.has(path));
      if (changed.length === 0 && gone.length === 0) return;
      for (const fields of owned.get(uid)?.values() ?? [])
        for (const path of [...changed.map(([changedPath]) => changedPath), ...gone]) fields.delete(path);
      const fields = fieldsOf(uid, `Update ${manager}`);
      for (const [path] of changed) fields.add(path);
    },
    as(manager, write) {
      const outer = current;
      current = manager;
      try {
        return write();
      } finally {
        current = outer;
      }
    },
    othersOf(object, manager, paths) {
      const wanted = [...paths].sort();
      return [...(owned.get(object.metadata.uid) ?? [])].flatMap(([key, fields]) => {
        const operation = key.startsWith('Apply ') ? 'Apply' : 'Update';
        const owner: FieldOwner = { operation, manager: key.slice(operation.length + 1) };
        if (operation === 'Apply' && owner.manager === manager) return [];
        return wanted.filter((path) => fields.has(path)).map((path) => ({ path, owner }));
      });
    },
    appliedBy: (object, manager) => fieldsOf(object.metadata.uid, `Apply ${manager}`),
    setApplied(object, manager, paths) {
      const own = fieldsOf(object.metadata.uid, `Apply ${manager}`);
      own.clear();
      for (const path of paths) own.add(path);
      owned
        .get(object.metadata.uid)
        ?.get(`Update ${manager}`)
        ?.forEach((path, _, fields) => {
          if (own.has(path)) fields.delete(path);
        });
    },
  };
}
