import { someOf } from '../../domain/text/some-of.ts';
import { anchorOf } from '../../domain/paths/index.ts';
import type { ResolvedPath } from '../../domain/tenant/step.ts';
import type { Access } from '../../openshift/tenant-api.ts';
import { accessTo, named } from '../../openshift/tenant-api.ts';
import { BACKUP_RIGHTS } from '../backup/take-backup.ts';
import { isModuleStep } from '../steps/step-module.ts';
import { moduleOf } from '../steps/index.ts';

/** Everything an identity must be allowed to do in a tenant's namespace, each right once: the Role of `rbac`. */
export function rightsFor(
  path: Pick<ResolvedPath, 'from' | 'to' | 'steps'>,
  more: readonly Access[] = [],
): Access[] {
  const { steps } = path;
  const all = [
    { verb: 'get', group: '', resource: 'namespaces' },
    accessTo('list', 'replicationcontrollers'),
    ...BACKUP_RIGHTS,
    // The claim is written there, whatever the steps touch.
    named(accessTo('patch', 'deploymentconfigs'), anchorOf(path)),
    ...more,
    ...steps.filter(isModuleStep).flatMap((step) => moduleOf(step).rights(step)),
  ];
  const merged = new Map<string, Access>();
  for (const { names, ...access } of all) {
    const key = describeAccess(access);
    const known = merged.get(key);
    // Needed for any object, the right covers those with a name as well.
    const isForAny = names === undefined || (known && known.names === undefined);
    const both = [...new Set([...(known?.names ?? []), ...(names ?? [])])].sort();
    merged.set(key, isForAny ? access : { ...access, names: both });
  }
  return [...merged.values()];
}

/** `create routes/custom-host (route.openshift.io)`, `patch secrets of system-impersonation` */
function describeAccess({ verb, group, resource, subresource, names }: Access): string {
  const name = subresource === undefined ? resource : `${resource}/${subresource}`;
  return `${verb} ${name}${group === '' ? '' : ` (${group})`}${names ? ` of ${someOf(names)}` : ''}`;
}

/** Several rights in few words: what is asked of the same objects in one, `get, patch secrets of system-seed`. */
export function describeRights(rights: readonly Access[]): string {
  const alike = Map.groupBy(rights, (right) => describeAccess({ ...right, verb: '' }));
  return [...alike.entries()].map(([of, each]) => each.map(({ verb }) => verb).join(', ') + of).join('; ');
}
