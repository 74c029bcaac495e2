import type { Cluster } from '../cluster.ts';
import { ApiError, forbidden } from '../errors.ts';
import type { Identity } from '../identities.ts';
import { RESOURCES, SELF_SUBJECT_ACCESS_REVIEWS } from '../resources.ts';
import { remove, removeCollection } from './delete.ts';
import { discover } from './discovery.ts';
import { parsePath, verbOf } from './path.ts';
import { get, list, watch, WatchHistory } from './reads.ts';
import { handleSpecial, methodNotAllowed } from './subresources.ts';
import type { ApiAnswer, ApiRequest, Target } from './types.ts';
import { create, patch, replace } from './writes.ts';

const DEPRECATED =
  '299 - "apps.openshift.io/v1 DeploymentConfig is deprecated in v4.14+, unavailable in v4.10000+"';
const MEDIA_TYPES = [
  'application/json',
  'application/yaml',
  'application/vnd.kubernetes.protobuf',
  'application/json;stream=watch',
  'application/vnd.kubernetes.protobuf;stream=watch',
];

export interface ApiHandler {
  handle(request: ApiRequest): ApiAnswer;
  identify(request: Pick<ApiRequest, 'headers'>): Identity;
  readonly history: WatchHistory;
}

/** The API of one cluster: every request in, every answer out, without the wire. */
export function createApiHandler(cluster: Cluster): ApiHandler {
  const history = new WatchHistory({ cluster });

  function identify({ headers }: Pick<ApiRequest, 'headers'>): Identity {
    const token = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1];
    if (!token) return { user: 'system:anonymous', groups: ['system:unauthenticated'] };
    const identity = cluster.identities.byToken(token);
    if (!identity) throw new ApiError(401, 'Unauthorized', 'Unauthorized');
    return identity;
  }

  function answer(request: ApiRequest): ApiAnswer {
    const identity = identify(request);
    const known = discover(request);
    if (known) return known;
    const parsed = parsePath(request.path);
    if (!parsed)
      return {
        status: 404,
        headers: { 'content-type': 'text/plain; charset=utf-8' },
        body: '404 page not found\n',
      };
    const verb = verbOf(request.method, parsed, ['true', '1'].includes(request.query.get('watch') ?? ''));
    const target: Target = { cluster, identity, request, verb, ...parsed };
    authorize(target);
    cluster.audit.countRequest(identity.user, parsed.namespace ?? '', verb);
    if (!accepts(request)) throw notAcceptable();
    const answered = dispatch(target);
    if (parsed.resource !== RESOURCES.deploymentconfigs || answered.headers?.warning) return answered;
    return { ...answered, headers: { ...answered.headers, warning: DEPRECATED } };
  }

  function authorize({ identity, resource, namespace, name, subresource, verb }: Target): void {
    if (resource === SELF_SUBJECT_ACCESS_REVIEWS) return;
    const access = { verb, group: resource.group, resource: resource.plural, subresource, namespace, name };
    if (cluster.identities.authorize(identity, access).allowed) return;
    throw forbidden(resource, {
      user: identity.user,
      verb,
      ...(subresource ? { subresource } : {}),
      ...(namespace ? { namespace } : {}),
      ...(name ? { name } : {}),
    });
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

  return {
    history,
    identify,
    handle(request) {
      try {
        return answer(request);
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        const parsed = parsePath(request.path);
        const warn =
          parsed?.resource === RESOURCES.deploymentconfigs && error.code !== 401 && error.code !== 403;
        const retryAfter = error.details?.retryAfterSeconds;
        return {
          status: error.code,
          headers: {
            ...(warn ? { warning: DEPRECATED } : {}),
            ...(retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }),
          },
          body: error.toStatus(),
        };
      }
    },
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
