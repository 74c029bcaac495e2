import { isRecord } from '../schema/decode.ts';
import type { Schema } from '../schema/schema.ts';

const SERVER_KEPT = new Set([
  'name',
  'namespace',
  'generateName',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'managedFields',
  'selfLink',
]);

/** Every field of an object that somebody can own, with its value, as `fieldpath` writes it: `.spec.list[name="x"].image`. */
export function fieldPaths(object: Record<string, unknown>, schema: Schema): Map<string, unknown> {
  const { kind: _kind, apiVersion: _version, status: _status, metadata, ...rest } = object;
  const entries = Object.entries(isRecord(metadata) ? metadata : {});
  const kept = Object.fromEntries(entries.filter(([key]) => !SERVER_KEPT.has(key)));
  const found = new Map<string, unknown>();
  for (const [key, value] of Object.entries({ metadata: kept, ...rest })) {
    if (key === 'metadata' && Object.keys(kept).length === 0) continue;
    walk(value, schema.type === 'struct' ? schema.fields[key] : undefined, `.${key}`, found);
  }
  return found;
}

function walk(value: unknown, schema: Schema | undefined, path: string, found: Map<string, unknown>): void {
  if (isRecord(value) && Object.keys(value).length > 0) {
    for (const [key, child] of Object.entries(value)) {
      const of =
        schema?.type === 'struct' ? schema.fields[key] : schema?.type === 'map' ? schema.of : undefined;
      walk(child, of, `${path}.${key}`, found);
    }
    return;
  }
  const key = schema?.type === 'list' ? schema.mergeKey : undefined;
  if (!Array.isArray(value) || !key || schema?.type !== 'list') return void found.set(path, value);
  for (const item of value.filter(isRecord))
    walk(item, schema.of, `${path}[${key}=${JSON.stringify(item[key])}]`, found);
}

/** Takes a field out of an object, by its path among those of `fieldPaths`. Changes `object`. */
export function removeField(object: Record<string, unknown>, path: string): void {
  for (const [key, value] of Object.entries(object)) {
    const own = `.${key}`;
    if (path === own) return void Reflect.deleteProperty(object, key);
    if (!path.startsWith(`${own}.`) && !path.startsWith(`${own}[`)) continue;
    const rest = path.slice(own.length);
    if (isRecord(value)) removeField(value, rest);
    if (!Array.isArray(value)) continue;
    for (const item of value.filter(isRecord)) {
      const [selector = '', by, quoted = '""'] = /^\[(\w+)=("(?:[^"\\]|\\.)*"|\d+)\]/.exec(rest) ?? [];
      if (by !== undefined && item[by] === JSON.parse(quoted)) removeField(item, rest.slice(selector.length));
    }
  }
}
