import type { z } from 'zod';

/** What is wrong at one place of a file. */
export interface Problem {
  readonly place: readonly PropertyKey[];
  readonly message: string;
}

/** What is taken out of a file, or put in the place of a list's item, so that the places of the others stay. */
export interface Spare {
  readonly place: readonly PropertyKey[];
  readonly instead?: unknown;
}

/**
 * A file without what its schema refuses, so that what all else means can be looked at as well. `spare` says what may go
 * because of a problem; where it may not, what else seems wrong might only follow from it: then the answer is undefined.
 */
export function despite<S extends z.ZodType>(
  schema: S,
  raw: unknown,
  problems: readonly Problem[],
  spare: (place: readonly PropertyKey[]) => Spare | undefined,
): z.output<S> | undefined {
  const left: unknown = structuredClone(raw);
  for (const { place } of problems) {
    const found = spare(place);
    if (!found || found.place.length === 0) return undefined;
    takeOut(left, found);
  }
  const parsed = schema.safeParse(left);
  return parsed.success ? parsed.data : undefined;
}

function takeOut(root: unknown, { place, instead }: Spare): void {
  const last = place.at(-1);
  let parent: unknown = root;
  for (const step of place.slice(0, -1)) parent = isHolder(parent) ? parent[step] : undefined;
  if (last === undefined || !isHolder(parent)) return;
  if (instead === undefined) Reflect.deleteProperty(parent, last);
  else parent[last] = instead;
}

const isHolder = (value: unknown): value is Record<PropertyKey, unknown> =>
  typeof value === 'object' && value !== null;

/** Always open, and long over: what stands for a window or a freeze that cannot be read. */
const STANDS_FOR: Readonly<Record<string, unknown>> = {
  windows: { opens: '0 0 * * *', durationMinutes: 100_000, zone: 'UTC' },
  freezes: { from: '2000-01-01', to: '2000-01-02', zone: 'UTC' },
};

/** Of settings whose own place has `depth` steps: one of its keys, or one item of its windows and freezes. */
export function spareSetting(place: readonly PropertyKey[], depth: number): Spare {
  const [key, index] = place.slice(depth);
  const instead = STANDS_FOR[String(key)];
  return instead !== undefined && typeof index === 'number'
    ? { place: place.slice(0, depth + 2), instead }
    : { place: place.slice(0, depth + 1) };
}
