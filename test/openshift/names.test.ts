import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isLabelName, isObjectName } from '../../src/domain/text/object-name.ts';
import { isOpenShiftError } from '../../src/openshift/api-error.ts';
import { pathOf } from '../../src/openshift/resources.ts';
import type { TenantApi } from '../../src/openshift/tenant-api.ts';
import type { ScriptedApi } from '../support/scripted-api.ts';
import { json, openScriptedApi } from '../support/scripted-api.ts';

let server: ScriptedApi;
beforeAll(async () => {
  server = await openScriptedApi();
  server.respond = json({ items: [] });
});
afterAll(() => server.close());
beforeEach(() => {
  server.requests.length = 0;
});

const BAD = [
  '',
  '.',
  '..',
  'x/../y',
  'a?b',
  'a#b',
  'a%2fb',
  'a b',
  'A',
  'a\\b',
  'a\nb',
  '-a',
  'a-',
  'ä',
  'a;b',
  'a..b',
];

test.each(BAD)('%j is no namespace: nothing is opened, and nothing is asked', (name) => {
  const tenant = { ...server.clusters.tenant('scripted', 'tenant'), namespace: name };
  expect(() => server.clusters.open(tenant)).toThrow('is no name of a namespace');
  if (name !== '') expect(() => server.clusters.tenant('scripted', name)).toThrow('is no name of a project');
  expect(server.requests).toEqual([]);
});

const CALLS: readonly (readonly [string, (api: TenantApi, name: string) => Promise<unknown>])[] = [
  ['get', (api, name) => api.get('secrets', name)],
  ['patch', (api, name) => api.patch('routes', name, [])],
  ['delete', (api, name) => api.delete('deploymentconfigs', name)],
  ['instantiate', (api, name) => api.instantiate(name)],
  ['delete of a tag', (api, name) => api.delete('imagestreamtags', `${name}:2.4.0`)],
  ['get of a stream', (api, name) => api.get('imagestreams', name)],
];

test.each(CALLS)('%s refuses names that are none before it sends anything', async (_, call) => {
  const api = server.open();
  for (const name of BAD) {
    await expect(call(api, name)).rejects.toMatchObject({ kind: 'Invalid', unsure: false });
  }
  expect(server.requests).toEqual([]);
});

test.each([
  ['secrets', 'threescale-upgrade-backup-0190a', undefined],
  ['routes', 'system-master', undefined],
  ['imagestreams', 'my_stream', undefined],
  ['imagestreamtags', 'amp-system:2.4.0', undefined],
  ['imagestreamtags', 'amp-system:Latest_1', undefined],
  ['deploymentconfigs', 'system-app', 'instantiate'],
  ['configmaps', 'kube-root-ca.crt', undefined],
] as const)('%s %s is a name', (resource, name, subresource) => {
  const path = pathOf(resource, 'tenant', name, subresource);
  expect(decodeURIComponent(path)).toContain(`/namespaces/tenant/${resource}/${name}`);
});

test('whatever is given as a name or a namespace, it stays one segment of the path', () => {
  const text = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constantFrom(...BAD, 'tenant', 'a.b'));
  fc.assert(
    fc.property(text, text, (namespace, name) => {
      try {
        const { pathname, search, hash } = new URL(`https://api${pathOf('secrets', namespace, name)}`);
        expect(pathname).toBe(`/api/v1/namespaces/${namespace}/secrets/${name}`);
        expect(search + hash).toBe('');
        expect(isLabelName(namespace) && isObjectName(name)).toBe(true);
      } catch (error) {
        if (!isOpenShiftError(error, 'Invalid')) throw error;
      }
    }),
  );
});

test('a context is looked up, and is no part of any path', () => {
  for (const name of BAD.filter((bad) => bad !== '')) {
    expect(() => server.clusters.tenant(name, 'tenant')).toThrow('has no context');
    expect(() => server.clusters.discovery(name)).toThrow('has no context');
  }
});
