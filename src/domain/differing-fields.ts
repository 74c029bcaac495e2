/**
 * The fields in which two JSON values differ, each by its path: `spec.template.spec.containers[app].env[NAME].value`.
 * Items of a list that have names stand by them. Paths only: what a field holds may be a password.
 */
export function differingFields(before: unknown, after: unknown, path = ''): string[] {
  const [left, right] = [fieldsOf(before), fieldsOf(after)];
  if (!left || !right || left.isList !== right.isList) return before === after ? [] : [path];
  const keys = new Set([...left.fields.keys(), ...right.fields.keys()]);
  const differing = [...keys].flatMap((key) => {
    const [was, is] = [left.fields.get(key), right.fields.get(key)];
    const name = left.isList ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`;
    return was === undefined && is === undefined ? [] : differingFields(was, is, name);
  });
  const isReordered = left.isList && [...left.fields.keys()].join() !== [...right.fields.keys()].join();
  return differing.length === 0 && isReordered ? [`${path} (its order)`] : differing;
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
