import type { StaticGrant } from './identities.ts';
import type { PolicyRule } from './rules.ts';

function all(group: string, ...resources: string[]): PolicyRule {
  return { apiGroups: [group], resources, verbs: ['*'] };
}

/** The role that the recorded service account `up` holds in project `tenant`, as its SelfSubjectRulesReview lists it. */
const UPGRADER: readonly PolicyRule[] = [
  all('', 'secrets', 'configmaps', 'pods', 'pods/exec', 'pods/log', 'services', 'replicationcontrollers'),
  all('image.openshift.io', 'imagestreams', 'imagestreamtags', 'imagestreamimports'),
  all('route.openshift.io', 'routes', 'routes/custom-host'),
  all('apps.openshift.io', 'deploymentconfigs', 'deploymentconfigs/instantiate'),
];

function grant(account: string, clusterRole: string, rules: readonly PolicyRule[]): StaticGrant {
  return {
    user: `system:serviceaccount:tenant:${account}`,
    namespace: 'tenant',
    binding: account,
    clusterRole,
    rules,
  };
}

/** Who made the recorded requests: `up` may all that an upgrade needs, `nohost` only routes, without custom hosts. */
export const RECORDED_GRANTS: readonly StaticGrant[] = [
  grant('up', 'tenant-upgrader', UPGRADER),
  grant('nohost', 'tenant-upgrader-nohost', [all('route.openshift.io', 'routes')]),
];
