import { isDeepStrictEqual } from 'node:util';
import { parse as parseYaml } from 'yaml';
import { ApiError, badRequest, field, invalid } from '../errors.ts';
import { apiVersionOf } from '../resources.ts';
import { isRecord } from '../schema/decode.ts';
import { KINDS } from '../schema/kinds.ts';
import type { KubeObject } from '../types.ts';
import type { FieldOwner } from './field-managers.ts';
import { fieldPaths } from './field-paths.ts';
import type { Target } from './types.ts';

export const APPLY = 'application/apply-patch+yaml';

export interface Applied {
  readonly manager: string;
  readonly config: Record<string, unknown>;
  readonly paths: ReadonlyMap<string, unknown>;
}

/** Reads a server-side apply. Throws what the real API refuses. */
export function readApply({ request, resource, name }: Target): Applied {
  const manager = request.query.get('fieldManager') ?? '';
  if (!manager) {
    throw invalid({ kind: 'PatchOptions', group: 'meta.k8s.io' }, '', [
      field.required('fieldManager', 'is required for apply patch'),
    ]);
  }
  const config: unknown = parse(request.body);
  if (!isRecord(config)) throw badRequest('error decoding YAML: no object');
  const { kind, apiVersion } = config;
  if (kind !== resource.kind || apiVersion !== apiVersionOf(resource))
    throw badRequest('invalid object type: /, Kind=');
  const metadata = isRecord(config.metadata) ? config.metadata : {};
  if (metadata.managedFields) throw badRequest('metadata.managedFields must be nil');
  const named = { ...config, metadata: { ...metadata, name: metadata.name ?? name } };
  const schema = KINDS[resource.kind];
  return { manager, config: named, paths: schema ? fieldPaths(named, schema) : new Map() };
}

function parse(text: string): unknown {
  try {
    return parseYaml(text, { version: '1.1' });
  } catch {
    throw badRequest('error decoding YAML: it is none');
  }
}

/** Refuses what another manager owns and has otherwise, unless it is forced. */
export function refuseConflicts(target: Target, live: KubeObject, { manager, paths }: Applied): void {
  if (target.request.query.get('force') === 'true') return;
  const schema = KINDS[live.kind];
  if (!schema) return;
  const now = fieldPaths(live, schema);
  const differing = [...paths].filter(([path, value]) => !isDeepStrictEqual(now.get(path), value));
  const conflicts = target.cluster.fieldManagers
    .othersOf(
      live,
      manager,
      differing.map(([path]) => path),
    )
    .map(({ path, owner }) => ({ path, owner: shown(owner, apiVersionOf(target.resource)) }));
  if (conflicts.length === 0) return;
  throw new ApiError(409, 'Conflict', message(conflicts), {
    causes: conflicts.map(({ path, owner }) => ({
      reason: 'FieldManagerConflict',
      message: `conflict with ${owner}`,
      field: path,
    })),
  });
}

const shown = ({ manager, operation }: FieldOwner, apiVersion: string): string =>
  operation === 'Update' ? `"${manager}" using ${apiVersion}` : `"${manager}"`;

function message(conflicts: readonly { readonly path: string; readonly owner: string }[]): string {
  const [first] = conflicts;
  if (first && conflicts.length === 1)
    return `Apply failed with 1 conflict: conflict with ${first.owner}: ${first.path}`;
  const owners = [...new Set(conflicts.map(({ owner }) => owner))].sort();
  const lines = owners.flatMap((owner) => [
    `conflicts with ${owner}:`,
    ...conflicts.filter((conflict) => conflict.owner === owner).map(({ path }) => `- ${path}`),
  ]);
  return `Apply failed with ${conflicts.length} conflicts: ${lines.join('\n')}`;
}
