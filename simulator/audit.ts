import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { KubeObject, StoreEvent, Writer } from './types.ts';

/** One committed change: who changed which fields of what. Never a value: these objects hold passwords. */
export interface AuditEntry {
  readonly at: number;
  readonly writer: Writer;
  readonly verb: 'create' | 'update' | 'delete';
  readonly plural: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  /** Paths of the changed fields, without status and server-kept metadata. */
  readonly changed: readonly string[];
  /** A fingerprint of the resulting spec, to tell the same change made twice. */
  readonly result: string;
}

export interface RequestCount {
  readonly reads: number;
  readonly writes: number;
}

export interface AuditLog {
  observe(event: StoreEvent, writer: Writer): void;
  /** Called after each change that a user has made. Returns the unsubscribe function. */
  onWrite(listener: () => void): () => void;
  countRequest(user: string, namespace: string, verb: string): void;
  /** Changes made by users (not by controllers), oldest first. */
  writes(filter?: { namespace?: string; user?: string }): readonly AuditEntry[];
  /** A user's changes that left an object with the content that the same user had given it before. */
  writtenTwice(filter?: { namespace?: string; user?: string }): readonly AuditEntry[];
  /** Rollouts started per DeploymentConfig, from the replication controllers made since `sinceMs`. */
  rollouts(namespace: string, sinceMs?: number): Readonly<Record<string, number>>;
  requests(namespace: string): RequestCount;
  clear(): void;
}

const CONTROLLER = 'system:controller:';
const VERBS = { ADDED: 'create', MODIFIED: 'update', DELETED: 'delete' } as const;

export function createAudit(): AuditLog {
  let entries: AuditEntry[] = [];
  let rolloutsSeen: { at: number; namespace: string; config: string }[] = [];
  let requests = new Map<string, { reads: number; writes: number }>();
  const listeners = new Set<() => void>();

  const select = (filter: { namespace?: string; user?: string } = {}): AuditEntry[] =>
    entries.filter(
      (entry) =>
        (filter.namespace === undefined || entry.namespace === filter.namespace) &&
        (filter.user === undefined || entry.writer === filter.user),
    );

  return {
    observe(event, writer) {
      const { metadata } = event.object;
      const namespace = metadata.namespace ?? '';
      if (event.type === 'ADDED' && event.object.kind === 'ReplicationController') {
        const config = metadata.annotations?.['openshift.io/deployment-config.name'];
        if (config) rolloutsSeen.push({ at: Date.now(), namespace, config });
      }
      if (writer.startsWith(CONTROLLER)) return;
      entries.push({
        at: Date.now(),
        writer,
        verb: VERBS[event.type],
        plural: event.resource.plural,
        namespace,
        name: metadata.name,
        uid: metadata.uid,
        changed: event.type === 'MODIFIED' ? changedPaths(event.previous, event.object) : [],
        result: event.type === 'DELETED' ? '' : fingerprint(event.object),
      });
      for (const listener of listeners) listener();
    },
    onWrite(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    countRequest(user, namespace, verb) {
      if (user.startsWith(CONTROLLER)) return;
      const count = requests.get(namespace) ?? { reads: 0, writes: 0 };
      if (['get', 'list', 'watch'].includes(verb)) count.reads += 1;
      else count.writes += 1;
      requests.set(namespace, count);
    },
    writes: select,
    writtenTwice(filter) {
      const seen = new Set<string>();
      return select(filter).filter((entry) => {
        const key = [
          entry.writer,
          entry.verb,
          entry.plural,
          entry.namespace,
          entry.uid,
          entry.changed.join(),
          entry.result,
        ].join('|');
        const again = seen.has(key);
        seen.add(key);
        return again;
      });
    },
    rollouts(namespace, sinceMs = 0) {
      const counts: Record<string, number> = {};
      for (const seen of rolloutsSeen) {
        if (seen.namespace !== namespace || seen.at < sinceMs) continue;
        counts[seen.config] = (counts[seen.config] ?? 0) + 1;
      }
      return counts;
    },
    requests: (namespace) => requests.get(namespace) ?? { reads: 0, writes: 0 },
    clear() {
      entries = [];
      rolloutsSeen = [];
      requests = new Map();
    },
  };
}

const SERVER_KEPT = new Set(['resourceVersion', 'generation', 'uid', 'creationTimestamp']);

function content(object: KubeObject): Record<string, unknown> {
  const { status: _status, metadata, ...rest } = object;
  const kept = Object.entries(metadata).filter(([key]) => !SERVER_KEPT.has(key));
  return { ...rest, metadata: Object.fromEntries(kept) };
}

function fingerprint(object: KubeObject): string {
  return createHash('sha1')
    .update(JSON.stringify(content(object)))
    .digest('base64');
}

function changedPaths(before: unknown, after: unknown): string[] {
  return diff(isObject(before) ? before : {}, isObject(after) ? after : {}, '').slice(0, 50);
}

function diff(before: unknown, after: unknown, path: string): string[] {
  if (isDeepStrictEqual(before, after)) return [];
  if (!isObject(before) || !isObject(after)) return [path];
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((key) => !(path === '' && key === 'status') && !(path === 'metadata' && SERVER_KEPT.has(key)))
    .flatMap((key) => diff(before[key], after[key], path ? `${path}.${key}` : key));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
