import { findResource } from '../resources.ts';
import type { ResourceType } from '../types.ts';

export interface ParsedPath {
  readonly resource: ResourceType;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  readonly subresource: string | undefined;
}

/** `/api/v1/namespaces/NS/PLURAL/NAME/SUB` and `/apis/GROUP/VERSION/…`; undefined for paths that name no resource. */
export function parsePath(path: string): ParsedPath | undefined {
  const parts = path.split('/').filter(Boolean).map(decodeURIComponent);
  const group = parts[0] === 'api' ? '' : parts[1];
  const version = parts[0] === 'api' ? parts[1] : parts[2];
  if ((parts[0] !== 'api' && parts[0] !== 'apis') || group === undefined || version === undefined)
    return undefined;
  const rest = parts.slice(parts[0] === 'api' ? 2 : 3);
  const scoped = rest[0] === 'namespaces' && rest.length > 2;
  const [plural, name, subresource] = scoped ? rest.slice(2) : rest;
  if (!plural) return undefined;
  const resource = findResource(group, version, plural);
  return resource && { resource, namespace: scoped ? rest[1] : undefined, name, subresource };
}

const VERBS: Readonly<Record<string, string>> = {
  POST: 'create',
  PUT: 'update',
  PATCH: 'patch',
};

export function verbOf(method: string, parsed: ParsedPath, watch: boolean): string {
  if (method === 'GET') {
    if (parsed.subresource === 'exec') return 'create';
    if (watch) return 'watch';
    return parsed.name ? 'get' : 'list';
  }
  if (method === 'DELETE') return parsed.name ? 'delete' : 'deletecollection';
  return VERBS[method] ?? method.toLowerCase();
}
