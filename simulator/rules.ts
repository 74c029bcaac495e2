/** A rule of RBAC's `PolicyRule`. */
export interface PolicyRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  readonly resourceNames?: readonly string[];
}

export interface AccessRequest {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string | undefined;
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
}

export function matchesRule(rule: PolicyRule, request: AccessRequest): boolean {
  const resource = request.subresource ? `${request.resource}/${request.subresource}` : request.resource;
  const matches = (allowed: readonly string[], wanted: string): boolean =>
    allowed.includes('*') || allowed.includes(wanted);
  return (
    matches(rule.verbs, request.verb) &&
    matches(rule.apiGroups, request.group) &&
    (matches(rule.resources, resource) ||
      (request.subresource !== undefined && rule.resources.includes(`*/${request.subresource}`))) &&
    (!rule.resourceNames?.length || rule.resourceNames.includes(request.name ?? ''))
  );
}

/** Rules as a stored Role holds them; what is no rule grants nothing. */
export function asRules(value: unknown): PolicyRule[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((rule: unknown) => {
    if (typeof rule !== 'object' || rule === null) return [];
    const list = (key: string): string[] => {
      const items: unknown = Reflect.get(rule, key);
      return Array.isArray(items) ? items.map(String) : [];
    };
    return [
      {
        apiGroups: list('apiGroups'),
        resources: list('resources'),
        verbs: list('verbs'),
        resourceNames: list('resourceNames'),
      },
    ];
  });
}
