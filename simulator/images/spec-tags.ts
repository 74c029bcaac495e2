import type { SpecTag } from '../objects.ts';
import { isRecord } from '../schema/decode.ts';

type Doc = Record<string, unknown>;

/** The tags of a written spec: defaulted, sorted, the last of a name wins; a generation of 0 is kept. */
export function readSpecTags(tags: unknown): SpecTag[] {
  const byName = new Map<string, SpecTag>();
  for (const tag of Array.isArray(tags) ? tags.filter(isRecord) : []) {
    const defaulted = defaultTag(tag);
    byName.set(defaulted.name, defaulted);
  }
  return [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

function defaultTag(tag: Doc): SpecTag {
  const { name, annotations, from, reference, generation } = tag;
  return {
    name: typeof name === 'string' ? name : '',
    annotations: isRecord(annotations) && Object.keys(annotations).length > 0 ? stringMap(annotations) : null,
    ...(isRecord(from) ? { from: objectReference(from) } : {}),
    ...(reference === true ? { reference } : {}),
    generation: generation === 0 ? 0 : NaN,
    importPolicy: importPolicy(tag.importPolicy),
    referencePolicy: referencePolicy(tag.referencePolicy),
  };
}

export function referencePolicy(policy: unknown): { type: string } {
  const type = isRecord(policy) ? policy.type : undefined;
  return { type: typeof type === 'string' && type ? type : 'Source' };
}

/** Flags that are off are not written out. */
export function importPolicy(policy: unknown): Doc {
  const given = isRecord(policy) ? Object.entries(policy).filter(([, value]) => value !== false) : [];
  return { importMode: 'Legacy', ...Object.fromEntries(given) };
}

const stringMap = (map: Doc): Record<string, string> =>
  Object.fromEntries(Object.entries(map).map(([key, value]) => [key, String(value)]));

export function objectReference(from: Doc): { kind: string; name: string; namespace?: string } {
  const { kind, name, namespace } = from;
  return {
    kind: typeof kind === 'string' ? kind : '',
    name: typeof name === 'string' ? name : '',
    ...(typeof namespace === 'string' ? { namespace } : {}),
  };
}
