import { groups, resourcesOf } from '../resources.ts';
import type { ResourceType } from '../types.ts';
import type { ApiAnswer } from './types.ts';

const ROOT = '/openapi/v3';

/**
 * As much of the API's own description as clients ask before `apply`: which types take `fieldValidation`, so that the
 * server validates and they need no schemas. Undefined for other paths.
 */
export function describeApi(path: string): ApiAnswer | undefined {
  if (path === ROOT) {
    const paths = groups().map((group) => [
      `${prefix(group)}`,
      { serverRelativeURL: `${ROOT}/${prefix(group)}` },
    ]);
    return { status: 200, body: { paths: Object.fromEntries(paths) as unknown } };
  }
  const group = groups().find((name) => path === `${ROOT}/${prefix(name)}`);
  if (group === undefined) return undefined;
  const paths = resourcesOf(group).map((resource) => [pathOf(resource), { patch: patchOf(resource) }]);
  const info = { title: 'Kubernetes', version: 'v1' };
  return { status: 200, body: { openapi: '3.0.0', info, paths: Object.fromEntries(paths) as unknown } };
}

const prefix = (group: string): string => (group === '' ? 'api/v1' : `apis/${group}/v1`);

function pathOf({ group, namespaced, plural }: ResourceType): string {
  return `/${prefix(group)}/${namespaced ? 'namespaces/{namespace}/' : ''}${plural}/{name}`;
}

function patchOf({ group, version, kind }: ResourceType): Record<string, unknown> {
  return {
    parameters: [{ name: 'fieldValidation', in: 'query', schema: { type: 'string', uniqueItems: true } }],
    responses: {},
    'x-kubernetes-action': 'patch',
    'x-kubernetes-group-version-kind': { group, version, kind },
  };
}
