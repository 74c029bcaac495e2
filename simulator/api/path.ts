import { findResource } from '../resources.ts';
import type { ResourceType } from '../types.ts';

/** What a path asks for, as `RequestInfo` of apiserver reads it: of types that are not there, too. */
export interface PathInfo {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  readonly subresource: string | undefined;
}

export interface ParsedPath extends PathInfo {
  readonly resource: ResourceType;
}

const OF_NAMESPACES = ['status', 'finalize'];

/** `/api/v1/namespaces/NS/PLURAL/NAME/SUB` and `/apis/GROUP/VERSION/…`; undefined for paths that name no resource. */
export function readPath(path: string): PathInfo | undefined {
  const parts = path.split('/').filter(Boolean).map(decoded);
  const core = parts[0] === 'api';
  if (!core && parts[0] !== 'apis') return undefined;
  const [group = '', version, ...rest] = core ? ['', ...parts.slice(1)] : parts.slice(1);
  if (version === undefined || rest.length === 0) return undefined;
  const scoped = rest[0] === 'namespaces' && rest.length > 2 && !OF_NAMESPACES.includes(rest[2] ?? '');
  const [plural = '', name, subresource] = scoped ? rest.slice(2) : rest;
  return { group, version, plural, namespace: scoped ? rest[1] : undefined, name, subresource };
}

/** The same where the type is there. */
export function parsePath(path: string): ParsedPath | undefined {
  const info = readPath(path);
  const resource = info && findResource(info.group, info.version, info.plural);
  return resource && { ...info, resource };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

const VERBS: Readonly<Record<string, string>> = {
  POST: 'create',
  PUT: 'update',
  PATCH: 'patch',
};

/** A GET of one object is no watch, whatever its query says. */
export function verbOf(method: string, { name, subresource }: PathInfo, query: URLSearchParams): string {
  if (method === 'GET') {
    if (subresource === 'exec') return 'create';
    if (name) return 'get';
    const watch = query.get('watch')?.toLowerCase();
    return watch === undefined || watch === 'false' || watch === '0' ? 'list' : 'watch';
  }
  if (method === 'DELETE') return name ? 'delete' : 'deletecollection';
  return VERBS[method] ?? method.toLowerCase();
}
