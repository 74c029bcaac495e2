import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { ApiAnswer } from '../../simulator/api/types.ts';
import type { RecordedWorld } from '../support/replay-recording.ts';
import { recordedWorld } from '../support/replay-recording.ts';

/** Rules of the real API that no recording shows, each by its source. */

const ROUTES = '/apis/route.openshift.io/v1/namespaces/tenant/routes';
const CONFIGS = '/apis/apps.openshift.io/v1/namespaces/tenant/deploymentconfigs';
const STREAMS = '/apis/image.openshift.io/v1/namespaces/tenant/imagestreams';
const SETTER = 'system:serviceaccount:tenant:setter';

let world: RecordedWorld;
beforeEach(() => {
  world = recordedWorld();
  world.cluster.identities.addToken('nobody', { user: 'nobody', groups: ['system:authenticated'] });
  world.cluster.identities.addToken('setter', { user: SETTER, groups: ['system:authenticated'] });
  world.cluster.identities.grant({
    user: SETTER,
    namespace: 'tenant',
    binding: 'setter',
    clusterRole: 'setter',
    rules: [
      { apiGroups: ['route.openshift.io'], resources: ['routes'], verbs: ['*'] },
      { apiGroups: ['route.openshift.io'], resources: ['routes/custom-host'], verbs: ['create'] },
      { apiGroups: [''], resources: ['configmaps'], verbs: ['list', 'watch'], resourceNames: ['own'] },
    ],
  });
});
afterEach(() => {
  world.cluster.stop();
});

function ask(
  method: string,
  path: string,
  {
    token = 'admin',
    body,
    type = 'application/json',
  }: { token?: string; body?: unknown; type?: string } = {},
): ApiAnswer {
  const url = new URL(path, 'https://localhost');
  return world.handler.handle({
    method,
    path: url.pathname,
    query: url.searchParams,
    headers: { ...(token ? { authorization: `Bearer ${token}` } : {}), 'content-type': type },
    body: body === undefined ? '' : JSON.stringify(body),
  });
}

const messageOf = ({ body }: ApiAnswer): unknown =>
  typeof body === 'object' && body !== null && 'message' in body ? body.message : body;
const said = (answer: ApiAnswer): unknown => [answer.status, messageOf(answer)];

test('rights are judged before existence, also of types and groups that are not there', () => {
  expect(said(ask('GET', '/api/v1/namespaces/tenant/nosuch/x', { token: 'nobody' }))).toEqual([
    403,
    'nosuch "x" is forbidden: User "nobody" cannot get resource "nosuch" in API group "" in the namespace "tenant"',
  ]);
  expect(said(ask('GET', '/apis/nope.test/v1/things', { token: 'nobody' }))).toEqual([
    403,
    'things.nope.test is forbidden: User "nobody" cannot list resource "things" in API group "nope.test" at the cluster scope',
  ]);
});

test('what is not there is told by the API in JSON, and as a page where there is none', () => {
  const unknown = [404, 'the server could not find the requested resource'];
  expect(said(ask('GET', '/api/v1/namespaces/tenant/nosuch'))).toEqual(unknown);
  expect(said(ask('GET', '/apis/route.openshift.io/v1/namespaces/tenant/nosuch'))).toEqual(unknown);
  expect(said(ask('GET', '/apis/nope.test/v1/things'))).toEqual([404, '404 page not found\n']);
  expect(said(ask('GET', '/nope', { token: 'nobody' }))).toEqual([
    403,
    'forbidden: User "nobody" cannot get path "/nope"',
  ]);
});

test('without a token one is anonymous, and may see the version and nothing else', () => {
  expect(ask('GET', '/version', { token: '' }).status).toBe(200);
  expect(said(ask('GET', '/apis', { token: '' }))).toEqual([
    403,
    'forbidden: User "system:anonymous" cannot get path "/apis"',
  ]);
  expect(said(ask('GET', ROUTES, { token: '' }))).toEqual([
    403,
    'routes.route.openshift.io is forbidden: User "system:anonymous" cannot list resource "routes" in API group "route.openshift.io" in the namespace "tenant"',
  ]);
});

test('a list or a watch of one name is allowed by a rule for that name', () => {
  const configmaps = '/api/v1/namespaces/tenant/configmaps';
  const token = 'setter';
  expect(ask('GET', `${configmaps}?fieldSelector=metadata.name%3Down`, { token }).status).toBe(200);
  expect(ask('GET', `${configmaps}?watch=true&fieldSelector=metadata.name%3Down`, { token }).status).toBe(
    200,
  );
  expect(ask('GET', configmaps, { token }).status).toBe(403);
  expect(ask('GET', `${configmaps}?fieldSelector=metadata.name%3Dother`, { token }).status).toBe(403);
});

test('a host may be set with one right, and changed with another; a PUT without a host keeps it', () => {
  const route = { metadata: { name: 'r', labels: { a: 'b' } }, spec: { host: 'a.test', to: { name: 's' } } };
  const token = 'setter';
  const created = ask('POST', ROUTES, { token, body: route });
  expect(created.status).toBe(201);
  const patch = { spec: { host: 'b.test' } };
  const type = 'application/merge-patch+json';
  expect(said(ask('PATCH', `${ROUTES}/r`, { token, body: patch, type }))).toEqual([
    422,
    'Route.route.openshift.io "r" is invalid: spec.host: Invalid value: "b.test": you do not have permission to set the host field of the route',
  ]);
  const { metadata } = created.body as { metadata: { resourceVersion: string; generation: number } };
  const put = {
    metadata: { name: 'r', resourceVersion: metadata.resourceVersion },
    spec: { to: { name: 'other' } },
  };
  const answer = ask('PUT', `${ROUTES}/r`, { token, body: put });
  expect(answer.body).toMatchObject({
    metadata: { generation: metadata.generation + 1 },
    spec: { host: 'a.test', to: { name: 'other' } },
  });
  expect(answer.body).not.toHaveProperty('metadata.labels');
});

test('a tag without an image is not there, and one of a stream that is not there names the stream', () => {
  const tags = [{ name: '1', from: { kind: 'DockerImage', name: 'registry.test/a' } }];
  expect(ask('POST', STREAMS, { body: { metadata: { name: 's' }, spec: { tags } } }).status).toBe(201);
  const path = STREAMS.replace('imagestreams', 'imagestreamtags');
  expect(said(ask('GET', `${path}/s:1`))).toEqual([
    404,
    'imagestreamtags.image.openshift.io "s:1" not found',
  ]);
  expect(said(ask('GET', `${path}/t:1`))).toEqual([404, 'imagestreams.image.openshift.io "t" not found']);
});

test('a DeploymentConfig that is wrong in several ways is told all of them, in order', () => {
  const template = { metadata: { labels: { app: 'x' } }, spec: { containers: [{ name: 'c' }] } };
  const spec = {
    replicas: -1,
    selector: { app: 'y' },
    strategy: { type: 'Big' },
    triggers: [{ type: 'ImageChange' }],
    template,
  };
  expect(said(ask('POST', CONFIGS, { body: { metadata: { name: 'd' }, spec } }))).toEqual([
    422,
    'DeploymentConfig.apps.openshift.io "d" is invalid: [' +
      [
        'spec.triggers[0].imageChangeParams: Required value',
        'spec.strategy.type: Invalid value: "Big": unsupported strategy type, use "Custom" instead and specify your own strategy',
        'spec.template.metadata.labels: Invalid value: {"app":"x"}: `selector` does not match template `labels`',
        'spec.template.spec.containers[0].image: Required value',
        'spec.replicas: Invalid value: -1: replicas cannot be negative',
      ].join(', ') +
      ']',
  ]);
});

test('server-side apply is refused where another manager owns a field and has it otherwise', () => {
  const path = '/api/v1/namespaces/tenant/configmaps';
  const kind = { kind: 'ConfigMap', apiVersion: 'v1' };
  const type = 'application/apply-patch+yaml';
  const apply = (data: Record<string, string>, query: string): ApiAnswer =>
    ask('PATCH', `${path}/c?${query}`, { body: { ...kind, metadata: { name: 'c' }, data }, type });
  const dataOf = ({ body }: ApiAnswer): unknown => (body as { data: unknown }).data;
  ask('POST', `${path}?fieldManager=curl`, { body: { metadata: { name: 'c' }, data: { a: '1', b: '2' } } });
  expect(said(apply({ a: '1' }, ''))).toEqual([
    422,
    'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
  ]);
  expect(said(apply({ a: '9' }, 'fieldManager=gitops'))).toEqual([
    409,
    'Apply failed with 1 conflict: conflict with "curl" using v1: .data.a',
  ]);
  expect(said(apply({ a: '9', b: '9' }, 'fieldManager=gitops'))).toEqual([
    409,
    'Apply failed with 2 conflicts: conflicts with "curl" using v1:\n- .data.a\n- .data.b',
  ]);
  // The same value is shared, another one is taken by force, and what is applied no longer goes.
  expect(dataOf(apply({ a: '1', own: 'x' }, 'fieldManager=gitops'))).toEqual({ a: '1', b: '2', own: 'x' });
  expect(dataOf(apply({ a: '9' }, 'fieldManager=gitops&force=true'))).toEqual({ a: '9', b: '2' });
  expect(said(apply({ a: '7' }, 'fieldManager=other'))).toEqual([
    409,
    'Apply failed with 1 conflict: conflict with "gitops": .data.a',
  ]);
  expect(ask('PATCH', `${path}/new?fieldManager=gitops`, { body: { ...kind, data: {} }, type }).status).toBe(
    201,
  );
});
