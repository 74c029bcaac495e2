import jsonpatch from 'fast-json-patch';
import type { Operation } from 'fast-json-patch';
import { ApiError, badRequest, patchDoesNotApply } from '../errors.ts';
import { isRecord } from '../schema/decode.ts';
import type { Schema, Struct } from '../schema/schema.ts';
import { copy } from '../copy.ts';

export const PATCH_TYPES = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
} as const;

type Doc = Record<string, unknown>;

/** Applies a patch of any of the three kinds to a copy of the object. */
export function applyPatch(contentType: string, target: Doc, text: string, schema: Struct): Doc {
  const body = parse(text);
  switch (contentType) {
    case PATCH_TYPES.json:
      return applyJsonPatch(target, body);
    case PATCH_TYPES.merge:
      return requireRecord(mergePatch(copy(target), requireRecord(body)));
    case PATCH_TYPES.strategic:
      return strategicMerge(copy(target), requireRecord(body), schema);
    default:
      throw new ApiError(415, 'UnsupportedMediaType', '415: Unsupported Media Type', {});
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw badRequest('error decoding patch: unexpected end of JSON input');
  }
}

function requireRecord(body: unknown): Doc {
  if (isRecord(body)) return body;
  throw badRequest(
    `error decoding patch: json: cannot unmarshal ${Array.isArray(body) ? 'array' : typeof body} into Go value of type map[string]interface {}`,
  );
}

function isOperation(value: unknown): value is Operation {
  return (
    isRecord(value) &&
    typeof value.path === 'string' &&
    typeof value.op === 'string' &&
    ['add', 'remove', 'replace', 'move', 'copy', 'test'].includes(value.op)
  );
}

/** RFC 6902. Whatever does not apply is one and the same 422. */
function applyJsonPatch(target: Doc, body: unknown): Doc {
  if (!Array.isArray(body)) {
    const what = isRecord(body) ? 'object' : typeof body;
    throw badRequest(
      `error decoding patch: json: cannot unmarshal ${what} into Go value of type []handlers.jsonPatchOp`,
    );
  }
  if (!body.every(isOperation)) throw patchDoesNotApply();
  try {
    const document = jsonpatch.applyPatch(copy(target), body, true, true).newDocument;
    return requireRecord(document);
  } catch (error) {
    if (error instanceof ApiError) throw error;
    throw patchDoesNotApply();
  }
}

/** RFC 7386. */
function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isRecord(patch)) return patch;
  const result: Doc = isRecord(target) ? target : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = mergePatch(result[key], value);
  }
  return result;
}

/** Kubernetes' strategic merge: lists merge by the key their schema declares, `$patch` directives are honoured. */
function strategicMerge(target: Doc, patch: Doc, schema: Schema | undefined): Doc {
  if (patch.$patch === 'replace') return without(patch, '$patch');
  if (patch.$patch === 'delete') return {};
  const fields = schema?.type === 'struct' ? schema.fields : undefined;
  const of = schema?.type === 'map' ? schema.of : undefined;
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith('$setElementOrder/') || key.startsWith('$deleteFromPrimitiveList/')) continue;
    if (key === '$retainKeys' || key === '$patch') continue;
    if (value === null) {
      delete target[key];
      continue;
    }
    const child = fields?.[key] ?? of;
    if (isRecord(value)) {
      const current = target[key];
      target[key] = strategicMerge(isRecord(current) ? current : {}, value, child);
    } else if (Array.isArray(value)) {
      target[key] = mergeList(target[key], value, child, patch[`$setElementOrder/${key}`]);
    } else {
      target[key] = value;
    }
  }
  return target;
}

function mergeList(
  current: unknown,
  patch: unknown[],
  schema: Schema | undefined,
  order: unknown,
): unknown[] {
  const mergeKey = schema?.type === 'list' ? schema.mergeKey : undefined;
  if (!mergeKey || schema?.type !== 'list') return patch;
  const items = patch.filter(isRecord);
  if (items.some((item) => item.$patch === 'replace')) {
    return items.filter((item) => item.$patch === undefined);
  }
  const live = Array.isArray(current) ? current.filter(isRecord) : [];
  const keyOf = (item: Doc): unknown => {
    if (!(mergeKey in item)) {
      throw new ApiError(
        500,
        undefined,
        `map: ${goMap(item)} does not contain declared merge key: ${mergeKey}`,
      );
    }
    return item[mergeKey];
  };
  const removed = new Set(items.filter((item) => item.$patch === 'delete').map(keyOf));
  const changes = items.filter((item) => item.$patch === undefined);
  const changed = new Set(changes.map(keyOf));
  const liveOrder = live.map(keyOf);
  const patched = changes.map((item) => {
    const existing = live.find((candidate) => candidate[mergeKey] === item[mergeKey]);
    return strategicMerge(existing ? copy(existing) : {}, item, schema.of);
  });
  const serverOnly = live.filter((item) => !removed.has(item[mergeKey]) && !changed.has(item[mergeKey]));
  const wanted = Array.isArray(order) ? order.filter(isRecord).map((item) => item[mergeKey]) : undefined;
  if (!wanted) return interleave(serverOnly, patched, liveOrder, mergeKey);
  // With an order given, it places every item it names, changed or not.
  const named = [...patched, ...serverOnly].filter((item) => wanted.includes(item[mergeKey]));
  const rest = [...serverOnly, ...patched].filter((item) => !wanted.includes(item[mergeKey]));
  const right = named.sort((x, y) => wanted.indexOf(x[mergeKey]) - wanted.indexOf(y[mergeKey]));
  return interleave(rest, right, liveOrder, mergeKey);
}

/** apimachinery's mergeSortedSlice: what the patch names keeps its order, the rest is let in by the live order. */
function interleave(left: Doc[], right: Doc[], liveOrder: readonly unknown[], key: string): Doc[] {
  const result: Doc[] = [];
  let i = 0;
  let j = 0;
  while (i < left.length || j < right.length) {
    const l = left[i];
    const r = right[j];
    if (l && (!r || isBefore(liveOrder.indexOf(l[key]), liveOrder.indexOf(r[key])))) {
      result.push(l);
      i += 1;
    } else if (r) {
      result.push(r);
      j += 1;
    }
  }
  return result;
}

const isBefore = (left: number, right: number): boolean => left >= 0 && right >= 0 && left < right;

function without(object: Doc, key: string): Doc {
  return Object.fromEntries(Object.entries(object).filter(([name]) => name !== key));
}

/** `map[image:a/b:1]`, as Go prints it. */
function goMap(item: Doc): string {
  const entries = Object.entries(item)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}:${typeof value === 'string' ? value : JSON.stringify(value)}`);
  return `map[${entries.join(' ')}]`;
}
