import type { Change, Delta } from './contract.ts';

type Path = Change['at'];
type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What is its own: every object has a `toString` and a `__proto__` besides. */
const fieldOf = (fields: Fields, key: string): unknown =>
  Object.hasOwn(fields, key) ? fields[key] : undefined;

/** What makes `after` of `before`: both as JSON has them. Empty where they are equal. */
export function deltaOf(before: unknown, after: unknown, at: Path = []): Delta {
  if (Object.is(before, after)) return [];
  if (Array.isArray(before) && Array.isArray(after)) return ofLists(before, after, at);
  if (isFields(before) && isFields(after)) return ofFields(before, after, at);
  return [{ at, to: after }];
}

function ofLists(before: readonly unknown[], after: readonly unknown[], at: Path): Delta {
  const cut = after.length < before.length ? [{ at: [...at, 'length'], to: after.length }] : [];
  return [...cut, ...after.flatMap((item, index) => deltaOf(before[index], item, [...at, index]))];
}

function ofFields(before: Fields, after: Fields, at: Path): Delta {
  const gone = Object.keys(before).filter(
    (key) => fieldOf(after, key) === undefined && before[key] !== undefined,
  );
  const there = Object.keys(after).filter((key) => fieldOf(after, key) !== undefined);
  return [
    ...gone.map((key): Change => ({ at: [...at, key] })),
    ...there.flatMap((key) => deltaOf(fieldOf(before, key), after[key], [...at, key])),
  ];
}

/** The value as it is after these changes; what has not changed is the same object as before. */
export function applied<T>(value: T, delta: Delta): T {
  return delta.reduce<unknown>((now, { at, to }) => changed(now, at, to), value) as T;
}

function changed(value: unknown, [key, ...rest]: Path, to: unknown): unknown {
  if (key === undefined) return to;
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value;
    if (key === 'length') return items.slice(0, Number(to));
    const next = [...items];
    next[Number(key)] = changed(items[Number(key)], rest, to);
    return next;
  }
  const fields = isFields(value) ? value : {};
  const next = rest.length === 0 ? to : changed(fieldOf(fields, String(key)), rest, to);
  const { [String(key)]: _, ...others } = fields;
  return next === undefined ? others : { ...others, [String(key)]: next };
}
