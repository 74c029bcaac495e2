import { ApiError, badRequest, notFound } from '../errors.ts';
import { apiVersionOf, IMAGE_STREAM_TAGS, RESOURCES } from '../resources.ts';
import type { KubeObject, ResourceType, StoreEvent } from '../types.ts';
import type { WatchHistory } from './history.ts';
import { getTag, listTags } from './image-stream-tags.ts';
import { present, presentItem } from './present.ts';
import { fieldSelector, labelSelector } from './selectors.ts';
import type { Predicate } from './selectors.ts';
import { asTable, wantsTable } from './table.ts';
import type { ApiAnswer, Target } from './types.ts';

export function get(target: Target): ApiAnswer {
  const { cluster, resource, namespace, name = '', request } = target;
  if (resource === IMAGE_STREAM_TAGS) return { status: 200, body: getTag(cluster, namespace ?? '', name) };
  const object = cluster.store.get(resource, namespace, name);
  if (!object) throw notFound(resource, name);
  if (wantsTable(request))
    return { status: 200, body: asTable(resource, [object], object.metadata.resourceVersion) };
  return { status: 200, body: present(object) };
}

function selected({ request, resource, name }: Target): Predicate {
  const byLabel = labelSelector(request.query.get('labelSelector'));
  const byField = fieldSelector(request.query.get('fieldSelector'), resource.kind, resource.group);
  return (object) =>
    byLabel(object) && byField(object) && (name === undefined || object.metadata.name === name);
}

export function list(target: Target): ApiAnswer {
  const { cluster, resource, namespace, request } = target;
  const kind = `${resource.kind}List`;
  const apiVersion = apiVersionOf(resource);
  if (resource === IMAGE_STREAM_TAGS) {
    return {
      status: 200,
      body: { kind, apiVersion, metadata: {}, items: listTags(cluster, namespace) },
    };
  }
  const matches = selected(target);
  const all = cluster.store.list(resource, namespace).filter(matches);
  const { page, metadata } = paginate(all, request.query, cluster.store.resourceVersion);
  if (wantsTable(request))
    return { status: 200, body: asTable(resource, page, String(cluster.store.resourceVersion)) };
  return { status: 200, body: { kind, apiVersion, metadata, items: page.map(presentItem) } };
}

const position = (object: KubeObject): string => `${object.metadata.namespace ?? ''}/${object.metadata.name}`;

function paginate(
  all: readonly KubeObject[],
  query: URLSearchParams,
  revision: number,
): { page: readonly KubeObject[]; metadata: Record<string, unknown> } {
  const limit = Number(query.get('limit') ?? 0);
  if (!Number.isInteger(limit) || limit < 0) throw badRequest(`invalid limit: ${query.get('limit') ?? ''}`);
  const token = query.get('continue');
  const start = token ? readToken(token) : undefined;
  const rest = start === undefined ? all : all.filter((object) => position(object) > start.after);
  const resourceVersion = String(start?.revision ?? revision);
  const last = limit > 0 ? rest[limit - 1] : undefined;
  if (!last || rest.length <= limit) return { page: rest, metadata: { resourceVersion } };
  const next = Buffer.from(
    JSON.stringify({ v: 'meta.k8s.io/v1', rv: Number(resourceVersion), start: position(last) }),
  );
  const remaining =
    query.get('labelSelector') || query.get('fieldSelector')
      ? {}
      : { remainingItemCount: rest.length - limit };
  return {
    page: rest.slice(0, limit),
    metadata: { resourceVersion, continue: next.toString('base64url'), ...remaining },
  };
}

function readToken(token: string): { after: string; revision: number } {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(token, 'base64url').toString());
    if (typeof parsed === 'object' && parsed !== null && 'start' in parsed && 'rv' in parsed) {
      return { after: String(parsed.start), revision: Number(parsed.rv) };
    }
  } catch {
    // Falls through to the one error for every token that is none.
  }
  throw badRequest('continue key is not valid');
}

const BOOKMARK_MS = 5_000;

/** What an empty DeploymentConfig is written as: its fields have no `omitempty`. */
const EMPTY_CONFIG = {
  spec: { strategy: { resources: {} }, triggers: null, replicas: 0, test: false },
  status: {
    latestVersion: 0,
    observedGeneration: 0,
    replicas: 0,
    updatedReplicas: 0,
    availableReplicas: 0,
    unavailableReplicas: 0,
  },
};
export function watch(target: Target, history: WatchHistory): ApiAnswer {
  const { cluster, resource, namespace, request } = target;
  const matches = selected(target);
  const from = request.query.get('resourceVersion') ?? '';
  const seconds = Number(request.query.get('timeoutSeconds') ?? 1800);
  const bookmarks = request.query.get('allowWatchBookmarks') === 'true';
  const initial = request.query.get('sendInitialEvents') === 'true';
  const all = initial || from === '' || from === '0';
  const past = all ? [] : history.since(Number(from));
  return {
    status: 200,
    watch(send, end) {
      if (past === undefined) {
        send({ type: 'ERROR', object: gone().toStatus() });
        end();
        return () => undefined;
      }
      const relay = (event: StoreEvent): void => {
        const translated = translate(event, resource, namespace, matches);
        if (translated) send({ type: translated, object: present(event.object) });
      };
      if (all) {
        for (const object of cluster.store.list(resource, namespace).filter(matches)) {
          send({ type: 'ADDED', object: present(object) });
        }
      }
      for (const event of past) relay(event);
      const unsubscribe = cluster.store.subscribe(relay);
      const bookmark = (annotations?: Record<string, string>): void => {
        send({
          type: 'BOOKMARK',
          object: {
            kind: resource.kind,
            apiVersion: apiVersionOf(resource),
            metadata: {
              resourceVersion: String(cluster.store.resourceVersion),
              ...(annotations ? { annotations } : {}),
            },
            ...(resource === RESOURCES.deploymentconfigs ? EMPTY_CONFIG : {}),
          },
        });
      };
      if (initial && bookmarks) bookmark({ 'k8s.io/initial-events-end': 'true' });
      const ticking = bookmarks ? setInterval(bookmark, BOOKMARK_MS, undefined) : undefined;
      const timeout = setTimeout(
        () => {
          if (bookmarks) bookmark();
          end();
        },
        Math.min(seconds, 86_400) * 1000,
      );
      return () => {
        unsubscribe();
        clearInterval(ticking);
        clearTimeout(timeout);
      };
    },
  };
}

const gone = (): ApiError => new ApiError(410, 'Expired', 'too old resource version');

/** An object that comes to match a selector is ADDED, one that no longer does is DELETED. */
function translate(
  event: StoreEvent,
  resource: ResourceType,
  namespace: string | undefined,
  matches: Predicate,
): string | undefined {
  if (event.resource !== resource) return undefined;
  if (namespace !== undefined && event.object.metadata.namespace !== namespace) return undefined;
  const now = matches(event.object);
  const before = event.previous !== undefined && matches(event.previous);
  if (event.type !== 'MODIFIED') return now ? event.type : undefined;
  if (now) return before ? 'MODIFIED' : 'ADDED';
  return before ? 'DELETED' : undefined;
}
