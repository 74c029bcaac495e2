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

interface Write {
  readonly object: KubeObject;
  readonly previous: KubeObject | undefined;
  readonly manager: string;
}

/** Of one object: owners (`Update curl`) with their fields, and what was written since that was worked out. */
interface Ownership {
  readonly owners: Map<string, Set<string>>;
  writes: Write[];
}

/** Hardly anybody applies: who owns what is worked out when it is asked for, or when this many writes have come together. */
const LAZY = 20;

export function createFieldManagers(): FieldManagers {
  const owned = new Map<string, Ownership>();
  let current: string | undefined;

  function ownersOf({ metadata }: KubeObject): Map<string, Set<string>> {
    let ownership = owned.get(metadata.uid);
    if (!ownership)
      owned.set(metadata.uid, (ownership = { owners: new Map<string, Set<string>>(), writes: [] }));
    for (const write of ownership.writes) workOut(ownership.owners, write);
    ownership.writes = [];
    return ownership.owners;
  }

  return {
    observe({ type, object, previous }, writer) {
      const { uid } = object.metadata;
      if (type === 'DELETED') return void owned.delete(uid);
      if (NOBODY_APPLIES.has(object.kind) || (previous && isSameSpec(object, previous))) return;
      const controller = writer.startsWith('system:controller:');
      const manager = current ?? (controller ? 'openshift-controller-manager' : writer);
      const write = { object, previous, manager };
      const ownership = owned.get(uid);
      if (!ownership) return void owned.set(uid, { owners: new Map<string, Set<string>>(), writes: [write] });
      ownership.writes.push(write);
      if (ownership.writes.length >= LAZY) ownersOf(object);
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
      return [...ownersOf(object)].flatMap(([key, fields]) => {
        const operation = key.startsWith('Apply ') ? 'Apply' : 'Update';
        const owner: FieldOwner = { operation, manager: key.slice(operation.length + 1) };
        if (operation === 'Apply' && owner.manager === manager) return [];
        return wanted.filter((path) => fields.has(path)).map((path) => ({ path, owner }));
      });
    },
    appliedBy: (object, manager) => fieldsOf(ownersOf(object), `Apply ${manager}`),
    setApplied(object, manager, paths) {
      const owners = ownersOf(object);
      const own = fieldsOf(owners, `Apply ${manager}`);
      own.clear();
      for (const path of paths) own.add(path);
      const updated = owners.get(`Update ${manager}`);
      for (const path of own) updated?.delete(path);
    },
  };
}

function fieldsOf(owners: Map<string, Set<string>>, key: string): Set<string> {
  let fields = owners.get(key);
  if (!fields) owners.set(key, (fields = new Set<string>()));
  return fields;
}

/** Whoever changes a field owns it from there on, alone. */
function workOut(owners: Map<string, Set<string>>, { object, previous, manager }: Write): void {
  const schema = KINDS[object.kind];
  if (!schema) return;
  const before = previous ? fieldPaths(previous, schema) : new Map<string, unknown>();
  const after = fieldPaths(object, schema);
  const changed = [...after].filter(([path, value]) => !isDeepStrictEqual(before.get(path), value));
  const gone = [...before.keys()].filter((path) => !after.has(path));
  const lost = [...changed.map(([path]) => path), ...gone];
  for (const fields of owners.values()) for (const path of lost) fields.delete(path);
  const own = fieldsOf(owners, `Update ${manager}`);
  for (const [path] of changed) own.add(path);
}
