/** Paths of every leaf in which two documents differ; items with a name stand by it. */
export function differ(wanted: unknown, found: unknown, path = ''): string[] {
  const [left, right] = [entriesOf(wanted), entriesOf(found)];
  if (!left || !right) return wanted === found ? [] : [path];
  return [...new Set([...left.keys(), ...right.keys()])].flatMap((key) =>
    differ(left.get(key), right.get(key), path === '' ? key : `${path}/${key}`),
  );
}

function entriesOf(value: unknown): Map<string, unknown> | undefined {
  if (Array.isArray(value))
    return new Map(value.map((item: unknown, index) => [nameOf(item) ?? String(index), item]));
  return typeof value === 'object' && value !== null ? new Map(Object.entries(value)) : undefined;
}

function nameOf(item: unknown): string | undefined {
  if (typeof item !== 'object' || item === null || !('name' in item)) return undefined;
  return typeof item.name === 'string' ? item.name : undefined;
}
