import type { Step } from '../src/domain/step.ts';
import type { Access } from '../src/openshift/tenant-api.ts';
import { accessTo } from '../src/openshift/tenant-api.ts';
import { BACKUP_RIGHTS } from './take-backup.ts';
import { isModuleStep } from './step-module.ts';
import { moduleOf } from './steps/index.ts';

/** Everything an identity must be allowed to do in a tenant's namespace, each right once: the Role of `rbac`. */
export function rightsFor(steps: readonly Step[]): Access[] {
  const all = [
    { verb: 'get', group: '', resource: 'namespaces' },
    accessTo('list', 'replicationcontrollers'),
    ...BACKUP_RIGHTS,
    ...steps.filter(isModuleStep).flatMap((step) => moduleOf(step).rights(step)),
  ];
  const byName = new Map(all.map((access) => [describeAccess(access), access]));
  return [...byName.values()];
}

/** `create routes/custom-host (route.openshift.io)` */
export function describeAccess({ verb, group, resource, subresource }: Access): string {
  const name = subresource === undefined ? resource : `${resource}/${subresource}`;
  return `${verb} ${name}${group === '' ? '' : ` (${group})`}`;
}
