import type { Cluster } from '../cluster.ts';
import { ApiError, forbidden } from '../errors.ts';
import { ANONYMOUS, MASTERS } from '../identities.ts';
import type { Identity } from '../identities.ts';
import type { PathInfo } from './path.ts';
import type { ApiRequest } from './types.ts';

/** What everybody may see, known or not, and what everybody who is known may see: `system:public-info-viewer` and `system:discovery`. */
const PUBLIC = ['/healthz', '/livez', '/readyz', '/version', '/version/'];
const DISCOVERY = ['/api', '/apis', '/openapi'];

/** For paths that name no resource. Throws 403. */
export function authorizePath(identity: Identity, { method, path }: ApiRequest): void {
  if (identity.groups.includes(MASTERS)) return;
  const known = identity.user !== ANONYMOUS;
  const isDiscovery = DISCOVERY.some((root) => path === root || path.startsWith(`${root}/`));
  if (method === 'GET' && (PUBLIC.includes(path) || (known && isDiscovery))) return;
  const verb = method.toLowerCase();
  throw new ApiError(
    403,
    'Forbidden',
    `forbidden: User "${identity.user}" cannot ${verb} path "${path}"`,
    {},
  );
}

/** For resources, also of types that are not there: rights are judged before existence. Throws 403. */
export function authorizeResource(
  cluster: Cluster,
  identity: Identity,
  request: ApiRequest,
  { verb, ...info }: PathInfo & { readonly verb: string },
): void {
  const { group, plural, subresource } = info;
  if (plural.startsWith('selfsubject') && group === 'authorization.k8s.io' && identity.user !== ANONYMOUS)
    return;
  const name = info.name ?? nameSelected(verb, request);
  const namespace = group === '' && plural === 'namespaces' ? info.name : info.namespace;
  const access = { verb, group, resource: plural, subresource, namespace, name };
  if (cluster.identities.authorize(identity, access).allowed) return;
  throw forbidden(
    { group, plural },
    {
      user: identity.user,
      verb,
      ...(subresource ? { subresource } : {}),
      ...(namespace ? { namespace } : {}),
      ...(name ? { name } : {}),
    },
  );
}

/** A list or watch of one object by its name is one of that name: rules with resourceNames allow it. */
function nameSelected(verb: string, { query }: ApiRequest): string | undefined {
  if (verb !== 'list' && verb !== 'watch' && verb !== 'deletecollection') return undefined;
  const selected = (query.get('fieldSelector') ?? '').split(',');
  return selected.map((term) => /^metadata\.name==?(.+)$/.exec(term)?.[1]).find((name) => name !== undefined);
}
