/** One field in which two JSON values differ. */
export interface DifferingField {
  /** `spec.template.spec.containers[app].env[NAME].value`: items of a list that have names stand by them. */
  readonly path: string;
  readonly was: unknown;
  readonly is: unknown;
}

/** The fields in which two JSON values differ, each by its path. Paths only: what a field holds may be a password. */
export const differingFields = (before: unknown, after: unknown): string[] =>
  differing(before, after).map(({ path }) => path);

/** The same, with what the fields hold: for who knows which of them may be shown. */
export function differing(before: unknown, after: unknown, path = ''): DifferingField[] {
  const [left, right] = [fieldsOf(before), fieldsOf(after)];
  if (!left || !right || left.isList !== right.isList)
    return before === after ? [] : [{ path, was: before, is: after }];
  const keys = new Set([...left.fields.keys(), ...right.fields.keys()]);
  const found = [...keys].flatMap((key) => {
    const [was, is] = [left.fields.get(key), right.fields.get(key)];
    const name = left.isList ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`;
    return was === undefined && is === undefined ? [] : differing(was, is, name);
  });
  const isReordered = left.isList && [...left.fields.keys()].join() !== [...right.fields.keys()].join();
  return found.length === 0 && isReordered
    ? [{ path: `${path} (its order)`, was: undefined, is: undefined }]
    : found;
}

function fieldsOf(
  value: unknown,
): { readonly isList: boolean; readonly fields: Map<string, unknown> } | undefined {
  if (Array.isArray(value)) {
    const names = value.map((item: unknown, index) => nameOf(item) ?? String(index));
    const keys = new Set(names).size === names.length ? names : names.map((_, index) => String(index));
    return { isList: true, fields: new Map(value.map((item: unknown, index) => [keys[index] ?? '', item])) };
  }
  if (typeof value !== 'object' || value === null) return undefined;
  return { isList: false, fields: new Map(Object.entries(value)) };
}

function nameOf(item: unknown): string | undefined {
  if (typeof item !== 'object' || item === null || !('name' in item)) return undefined;
  return typeof item.name === 'string' ? item.name : undefined;
}
