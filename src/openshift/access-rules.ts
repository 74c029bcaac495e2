import type { Access, AccessRule } from './tenant-api.ts';

/** Whether these rules allow it: for each object that it names, or whatever the object's name is. */
export function allows(rules: readonly AccessRule[], { names, ...access }: Access): boolean {
  return (names ?? [undefined]).every((name) => allowsFor(rules, access, name));
}

function allowsFor(
  rules: readonly AccessRule[],
  { verb, group, resource, subresource }: Omit<Access, 'names'>,
  name: string | undefined,
): boolean {
  const resources =
    subresource === undefined ? [resource] : [`${resource}/${subresource}`, `*/${subresource}`];
  return rules.some(
    (rule) =>
      (!rule.resourceNames?.length || (name !== undefined && rule.resourceNames.includes(name))) &&
      has(rule.verbs, verb) &&
      has(rule.apiGroups, group) &&
      has(rule.resources, ...resources),
  );
}

function has(allowed: readonly string[] | null | undefined, ...wanted: readonly string[]): boolean {
  return (allowed ?? []).some((item) => item === '*' || wanted.includes(item));
}
