import { isNamespaceName, isObjectName, isOneLine } from '../../domain/text/names.ts';
import { CliError } from '../cli-error.ts';

export const ROLE_NAME = 'threescale-upgrade';

/** To whom the Role is given, as the flags of `rbac` say it. */
export interface BindOptions {
  readonly bindUser?: readonly string[];
  readonly bindGroup?: readonly string[];
  /** `name`, of the tenant's own project, or `project:name`. */
  readonly bindServiceaccount?: readonly string[];
}

interface Subject {
  readonly kind: 'User' | 'Group' | 'ServiceAccount';
  readonly name: string;
  readonly apiGroup?: string;
  readonly namespace?: string;
}

/** A RoleBinding to all that are named; undefined where nobody is. Throws CliError. */
export function bindingFor(options: BindOptions, namespace: string | undefined): object | undefined {
  const subjects: readonly Subject[] = [
    ...(options.bindUser ?? []).map((name) => person('User', name)),
    ...(options.bindGroup ?? []).map((name) => person('Group', name)),
    ...(options.bindServiceaccount ?? []).map((name) => serviceAccount(name, namespace)),
  ];
  if (subjects.length === 0) return undefined;
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: { name: ROLE_NAME, ...(namespace === undefined ? {} : { namespace }) },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: ROLE_NAME },
    subjects,
  };
}

function person(kind: 'User' | 'Group', name: string): Subject {
  if (isOneLine(name)) return { kind, name, apiGroup: 'rbac.authorization.k8s.io' };
  throw new CliError(`--bind-${kind.toLowerCase()}: that is no name`, {
    hint: `As in: --bind-${kind.toLowerCase()} upgrader`,
  });
}

function serviceAccount(named: string, own: string | undefined): Subject {
  const [first = '', second, ...more] = named.split(':');
  const [namespace, name] = second === undefined ? [own, first] : [first, second];
  if (isNamespaceName(namespace) && isObjectName(name) && more.length === 0)
    return { kind: 'ServiceAccount', name, namespace };
  throw new CliError('--bind-serviceaccount: name the project of the service account as well', {
    hint: 'As in: --bind-serviceaccount upgrades:threescale-upgrade, or add -n for one of the tenant’s own project',
  });
}
