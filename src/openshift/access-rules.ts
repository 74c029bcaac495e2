import type { Access } from './tenant-api.ts';

/** What a SelfSubjectRulesReview says an identity may do in a namespace. */
export interface AccessRule {
  readonly verbs: readonly string[];
  readonly apiGroups?: readonly string[] | null;
  readonly resources?: readonly string[] | null;
  readonly resourceNames?: readonly string[] | null;
}

/** Whether these rules allow it, whatever the object's name is. */
export function allows(rules: readonly AccessRule[], access: Access): boolean {
  const { verb, group, resource, subresource } = access;
  const resources =
    subresource === undefined ? [resource] : [`${resource}/${subresource}`, `*/${subresource}`];
  return rules.some(
    (rule) =>
      !rule.resourceNames?.length &&
      has(rule.verbs, verb) &&
      has(rule.apiGroups, group) &&
      has(rule.resources, ...resources),
  );
}

function has(allowed: readonly string[] | null | undefined, ...wanted: readonly string[]): boolean {
  return (allowed ?? []).some((item) => item === '*' || wanted.includes(item));
}
