import type { Cluster } from '../cluster.ts';
import { ApiError } from '../errors.ts';
import { ANONYMOUS } from '../identities.ts';
import type { Identity } from '../identities.ts';
import { groups, RESOURCES } from '../resources.ts';
import { inFirstVersion, inSecondVersion, isOfSecondVersion } from './autoscaling.ts';
import { authorizePath, authorizeResource } from './authorization.ts';
import { remove, removeCollection } from './delete.ts';
import { WatchHistory } from './history.ts';
import { discover } from './discovery.ts';
import { methodNotAllowed } from './method-not-allowed.ts';
import { parsePath, readPath, verbOf } from './path.ts';
import type { ParsedPath } from './path.ts';
import { listProjects } from './projects.ts';
import { get, list, watch } from './reads.ts';
import { handleSpecial } from './subresources.ts';
import type { ApiAnswer, ApiRequest, Target } from './types.ts';
import { create, patch, replace } from './writes.ts';

const DEPRECATED = 'is deprecated in v4.14+, unavailable in v4.10000+';

/** Answers about DeploymentConfigs carry a warning that names the kind of the request. */
function deprecation(path: ParsedPath | undefined, also?: string): { warning?: string } {
  const own = also ? { warning: also } : {};
  if (path?.resource !== RESOURCES.deploymentconfigs) return own;
  if (path.subresource === 'scale') {
    return { warning: '299 - "extensions/v1beta1 Scale is deprecated in v1.2+, unavailable in v1.16+"' };
  }
  const kinds: Readonly<Record<string, string>> = {
    instantiate: 'DeploymentRequest',
    rollback: 'DeploymentConfigRollback',
  };
  const kind = kinds[path.subresource ?? ''] ?? 'DeploymentConfig';
  return {
    warning: [...(also ? [also] : []), `299 - "apps.openshift.io/v1 ${kind} ${DEPRECATED}"`].join(', '),
  };
}
const MEDIA_TYPES = [
  'application/json',
  'application/yaml',
  'application/vnd.kubernetes.protobuf',
  'application/json;stream=watch',
  'application/vnd.kubernetes.protobuf;stream=watch',
];

interface HandleOptions {
  /** Reads are answered as things stood this long ago. */
  readonly staleMs?: number | undefined;
}

export interface ApiHandler {
  handle(request: ApiRequest, options?: HandleOptions): ApiAnswer;
  identify(request: Pick<ApiRequest, 'headers'>): Identity;
  readonly history: WatchHistory;
}

/** The API of one cluster: every request in, every answer out, without the wire. */
export function createApiHandler(cluster: Cluster): ApiHandler {
  const history = new WatchHistory(cluster);

  function identify({ headers }: Pick<ApiRequest, 'headers'>): Identity {
    const token = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1];
    if (!token) return { user: ANONYMOUS, groups: ['system:unauthenticated'] };
    const identity = cluster.identities.byToken(token);
    if (!identity) throw new ApiError(401, 'Unauthorized', 'Unauthorized');
    return identity;
  }

  function answer(request: ApiRequest, staleMs: number | undefined): ApiAnswer {
    const identity = identify(request);
    const projects = listProjects(cluster, identity, request);
    if (projects) return projects;
    const info = readPath(request.path);
    if (!info) {
      authorizePath(identity, request);
      return discover(request) ?? pageNotFound(request.path);
    }
    const verb = verbOf(request.method, info, request.query);
    authorizeResource(cluster, identity, request, { ...info, verb });
    const parsed = parsePath(request.path);
    if (!parsed) return pageNotFound(request.path);
    const seen =
      staleMs === undefined || !['get', 'list'].includes(verb)
        ? cluster
        : { ...cluster, store: history.asOf(Date.now() - staleMs) };
    const target: Target = { cluster: seen, identity, request, verb, ...parsed };
    cluster.audit.countRequest(identity.user, parsed.namespace ?? '', verb);
    if (!accepts(request)) throw notAcceptable();
    if (request.tooLarge)
      throw new ApiError(413, 'RequestEntityTooLarge', 'Request entity too large: limit is 3145728', {});
    const answered = cluster.fieldManagers.as(managerOf(request), () => dispatch(target));
    return {
      ...answered,
      headers: { ...answered.headers, ...deprecation(parsed, answered.headers?.warning) },
    };
  }

  function dispatch(target: Target): ApiAnswer {
    const { request, verb } = target;
    const special = handleSpecial(target);
    if (special) return special;
    if (request.method === 'POST' && target.name !== undefined) throw methodNotAllowed();
    if (['PUT', 'PATCH'].includes(request.method) && target.name === undefined) throw methodNotAllowed();
    switch (verb) {
      case 'get':
        return get(target);
      case 'list':
        return list(target);
      case 'watch':
        return watch(target, history);
      case 'create':
        return create(target);
      case 'update':
        return replace(target);
      case 'patch':
        return patch(target);
      case 'delete':
        return remove(target);
      case 'deletecollection':
        return removeCollection(target);
      default:
        throw methodNotAllowed();
    }
  }

  function handleOne(request: ApiRequest, { staleMs }: HandleOptions): ApiAnswer {
    try {
      return answer(request, staleMs);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const parsed = parsePath(request.path);
      // Refused before the request reaches the type's own handler: no warning.
      const warn = ![401, 403, 405, 406, 415].includes(error.code);
      const retryAfter = error.details?.retryAfterSeconds;
      return {
        status: error.code,
        headers: {
          ...(warn ? deprecation(parsed) : {}),
          ...(retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }),
        },
        body: error.toStatus(),
      };
    }
  }

  return {
    history,
    identify,
    handle: (request, options = {}) =>
      isOfSecondVersion(request)
        ? inSecondVersion(handleOne(inFirstVersion(request), options))
        : handleOne(request, options),
  };
}

/** Whose fields they are that a request writes. */
function managerOf({ query, headers }: ApiRequest): string {
  return query.get('fieldManager') ?? headers['user-agent']?.split('/')[0]?.slice(0, 128) ?? 'unknown';
}

/** Within a group that is there it is the API that does not know it; elsewhere nobody listens. */
function pageNotFound(path: string): ApiAnswer {
  const [root, group = ''] = path.split('/').filter(Boolean);
  const known = root === 'api' || (root === 'apis' && group !== '' && groups().includes(group));
  if (known) throw new ApiError(404, 'NotFound', 'the server could not find the requested resource', {});
  return {
    status: 404,
    headers: { 'content-type': 'text/plain; charset=utf-8' },
    body: '404 page not found\n',
  };
}

function accepts(request: ApiRequest): boolean {
  const accept = request.headers.accept;
  if (!accept) return true;
  return accept.split(',').some((part) => {
    const type = part.split(';')[0]?.trim() ?? '';
    return [
      '*/*',
      'application/*',
      'application/json',
      'application/yaml',
      'application/vnd.kubernetes.protobuf',
    ].includes(type);
  });
}

function notAcceptable(): ApiError {
  const types = MEDIA_TYPES.join(', ');
  return new ApiError(406, 'NotAcceptable', `406: Not Acceptable\n\nAvailable representations: ${types}`, {});
}
