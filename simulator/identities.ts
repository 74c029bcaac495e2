import { asRules, matchesRule } from './rules.ts';
import type { AccessRequest, PolicyRule } from './rules.ts';
import { RESOURCES } from './resources.ts';
import type { Store } from './types.ts';

export interface Identity {
  readonly user: string;
  readonly groups: readonly string[];
}

/** A grant that the cluster was born with, as a RoleBinding to a ClusterRole would give it. */
export interface StaticGrant {
  readonly user: string;
  readonly namespace: string;
  readonly binding: string;
  readonly clusterRole: string;
  readonly rules: readonly PolicyRule[];
}

export type Decision = { readonly allowed: false } | { readonly allowed: true; readonly reason?: string };

/** Who holds which token, and who may do what: grants given at birth, and Roles bound in the store. */
export interface Identities {
  addToken(token: string, identity: Identity): void;
  grant(grant: StaticGrant): void;
  byToken(token: string): Identity | undefined;
  authorize(identity: Identity, request: AccessRequest): Decision;
  /** The rules granted to this user in a namespace. */
  rulesOf(identity: Identity, namespace: string): readonly PolicyRule[];
}

export const MASTERS = 'system:masters';
/** Who holds no token. */
export const ANONYMOUS = 'system:anonymous';

export function createIdentities(store: Store): Identities {
  const tokens = new Map<string, Identity>();
  const grants: StaticGrant[] = [];

  /** The Roles that the store's RoleBindings give an identity. */
  function rolesOf(identity: Identity, namespace: string) {
    return store.list(RESOURCES.rolebindings, namespace).flatMap(({ metadata, roleRef, subjects }) => {
      const subject = asList(subjects).find((candidate) => isSubject(candidate, identity));
      const { kind, name } = asRecord(roleRef);
      if (!subject || kind !== 'Role' || typeof name !== 'string') return [];
      const rules = asRules(store.get(RESOURCES.roles, namespace, name)?.rules);
      return [{ binding: metadata.name, role: name, subject, rules }];
    });
  }

  function bound(identity: Identity, request: AccessRequest): Decision {
    const { namespace } = request;
    if (!namespace) return { allowed: false };
    const found = rolesOf(identity, namespace).find(({ rules }) =>
      rules.some((rule) => matchesRule(rule, request)),
    );
    if (!found) return { allowed: false };
    const { binding, role, subject } = found;
    return {
      allowed: true,
      reason: `RBAC: allowed by RoleBinding "${binding}/${namespace}" of Role "${role}" to ${describe(subject, identity)}`,
    };
  }

  return {
    addToken: (token, identity) => void tokens.set(token, identity),
    grant: (grant) => void grants.push(grant),
    byToken: (token) => tokens.get(token),
    rulesOf(identity, namespace) {
      if (identity.groups.includes(MASTERS)) return [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }];
      const given = grants
        .filter((grant) => grant.user === identity.user && grant.namespace === namespace)
        .flatMap(({ rules }) => rules);
      return [...given, ...rolesOf(identity, namespace).flatMap(({ rules }) => rules)];
    },
    authorize(identity, request) {
      if (identity.groups.includes(MASTERS)) return { allowed: true };
      const grant = grants.find(
        (candidate) =>
          candidate.user === identity.user &&
          candidate.namespace === request.namespace &&
          candidate.rules.some((rule) => matchesRule(rule, request)),
      );
      if (!grant) return bound(identity, request);
      const [, , , account = ''] = identity.user.split(':');
      return {
        allowed: true,
        reason:
          `RBAC: allowed by RoleBinding "${grant.binding}/${grant.namespace}" of ClusterRole "${grant.clusterRole}" ` +
          `to ServiceAccount "${account}/${grant.namespace}"`,
      };
    },
  };
}

const asList = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const asRecord = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? { ...value } : {};

function isSubject(candidate: unknown, identity: Identity): boolean {
  const { kind, name, namespace } = asRecord(candidate);
  if (kind === 'ServiceAccount')
    return identity.user === `system:serviceaccount:${String(namespace)}:${String(name)}`;
  if (kind === 'Group') return identity.groups.includes(String(name));
  return kind === 'User' && identity.user === name;
}

function describe(subject: unknown, identity: Identity): string {
  const { kind, name, namespace } = asRecord(subject);
  return kind === 'ServiceAccount'
    ? `ServiceAccount "${String(name)}/${String(namespace)}"`
    : `${String(kind)} "${identity.user}"`;
}
