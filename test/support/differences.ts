export interface Difference {
  /** `spec/template/spec/containers/system-app/env/RAILS_ENV/value`: items with a name stand by it. */
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
  readonly added: boolean;
  readonly removed: boolean;
}

/** Every leaf in which two objects differ. Lists of named items are compared by name, and by order. */
export function differences(before: unknown, after: unknown, path = ''): Difference[] {
  const [left, right] = [fields(before), fields(after)];
  if (!left || !right) {
    if (before === after) return [];
    return [{ path, before, after, added: before === undefined, removed: after === undefined }];
  }
  return [...new Set([...left.keys(), ...right.keys()])].flatMap((key) =>
    differences(left.get(key), right.get(key), path === '' ? key : `${path}/${key}`),
  );
}

function fields(value: unknown): Map<string, unknown> | undefined {
  if (Array.isArray(value)) {
    const named = value.every(hasName) ? value.map(({ name }) => name) : [];
    if (named.length === 0 || new Set(named).size < named.length) {
      return new Map(value.map((item: unknown, index) => [String(index), item]));
    }
    return new Map([
      ...value.map((item, index) => [named[index] ?? '', item] as const),
      ['(order)', named.join()],
    ]);
  }
  return typeof value === 'object' && value !== null ? new Map(Object.entries(value)) : undefined;
}

function hasName(item: unknown): item is { name: string } {
  return typeof item === 'object' && item !== null && 'name' in item && typeof item.name === 'string';
}
