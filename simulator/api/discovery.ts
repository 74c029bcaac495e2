import discovery from './data/discovery.json' with { type: 'json' };
import { groups, resourcesOf } from '../resources.ts';
import { describeApi } from './openapi.ts';
import { isRecord } from '../schema/decode.ts';
import type { ApiAnswer, ApiRequest } from './types.ts';

interface Discovery {
  readonly core: Record<string, unknown>;
  readonly groups: Record<string, unknown>;
  /** APIResourceList by group. */
  readonly lists: Readonly<Record<string, unknown>>;
  readonly version: Record<string, unknown>;
  readonly rulesReview: { readonly resourceRules: readonly unknown[] };
  readonly tables: { readonly deploymentconfigs: unknown };
}

/** What the recorded cluster answered about itself. */
export const DISCOVERY: Discovery = discovery;

const AGGREGATED = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

/** Answers `/api`, `/apis`, `/apis/GROUP[/VERSION]`, `/version` and the health checks; undefined for other paths. */
export function discover(request: ApiRequest): ApiAnswer | undefined {
  const { path } = request;
  if (path === '/version' || path === '/version/') return { status: 200, body: DISCOVERY.version };
  if (['/readyz', '/livez', '/healthz'].includes(path)) {
    return { status: 200, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: 'ok' };
  }
  if (path.startsWith('/openapi/')) return describeApi(path);
  const aggregated = (request.headers.accept ?? '').includes('as=APIGroupDiscoveryList');
  if (path === '/api') return aggregated ? answerAggregated(DISCOVERY.core) : coreVersions();
  if (path === '/apis') return aggregated ? answerAggregated(DISCOVERY.groups) : groupList();
  const [root, group = '', version] = path.split('/').filter(Boolean);
  if (root === 'api' && group === 'v1' && version === undefined) return resourceList('', 'v1');
  if (root !== 'apis' || !groups().includes(group) || group === '') return undefined;
  if (version === undefined)
    return { status: 200, body: { kind: 'APIGroup', apiVersion: 'v1', ...groupOf(group) } };
  return version === 'v1' && path.split('/').filter(Boolean).length === 3
    ? resourceList(group, 'v1')
    : undefined;
}

const answerAggregated = (body: unknown): ApiAnswer => ({
  status: 200,
  headers: { 'content-type': AGGREGATED },
  body,
});

function coreVersions(): ApiAnswer {
  return { status: 200, body: { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] } };
}

function groupOf(name: string): Record<string, unknown> {
  const version = { groupVersion: `${name}/v1`, version: 'v1' };
  return { name, versions: [version], preferredVersion: version };
}

function groupList(): ApiAnswer {
  const items = groups().filter(Boolean).map(groupOf);
  return { status: 200, body: { kind: 'APIGroupList', apiVersion: 'v1', groups: items } };
}

const VERBS = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];

function resourceList(group: string, version: string): ApiAnswer {
  const recorded = DISCOVERY.lists[group];
  if (isRecord(recorded)) return { status: 200, body: recorded };
  const resources = resourcesOf(group).map(({ plural, kind, namespaced }) => ({
    name: plural,
    singularName: kind.toLowerCase(),
    namespaced,
    kind,
    verbs: plural.startsWith('selfsubject') ? ['create'] : VERBS,
  }));
  const pods =
    group === ''
      ? [
          {
            name: 'pods/exec',
            singularName: '',
            namespaced: true,
            kind: 'PodExecOptions',
            verbs: ['create', 'get'],
          },
        ]
      : [];
  const groupVersion = group ? `${group}/${version}` : version;
  return {
    status: 200,
    body: { kind: 'APIResourceList', apiVersion: 'v1', groupVersion, resources: [...resources, ...pods] },
  };
}
