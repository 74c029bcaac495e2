import type { ResourceType } from './types.ts';

function type(group: string, kind: string, plural: string, namespaced = true, version = 'v1'): ResourceType {
  return { group, version, kind, plural, namespaced };
}

const KUBERNETES_APPS = 'apps';
const APPS = 'apps.openshift.io';
const IMAGE = 'image.openshift.io';
const ROUTE = 'route.openshift.io';
const RBAC = 'rbac.authorization.k8s.io';

/** Every type the simulated API serves from its store. */
export const RESOURCES = {
  namespaces: type('', 'Namespace', 'namespaces', false),
  pods: type('', 'Pod', 'pods'),
  replicationcontrollers: type('', 'ReplicationController', 'replicationcontrollers'),
  secrets: type('', 'Secret', 'secrets'),
  configmaps: type('', 'ConfigMap', 'configmaps'),
  services: type('', 'Service', 'services'),
  serviceaccounts: type('', 'ServiceAccount', 'serviceaccounts'),
  persistentvolumeclaims: type('', 'PersistentVolumeClaim', 'persistentvolumeclaims'),
  events: type('', 'Event', 'events'),
  deploymentconfigs: type(APPS, 'DeploymentConfig', 'deploymentconfigs'),
  deployments: type(KUBERNETES_APPS, 'Deployment', 'deployments'),
  statefulsets: type(KUBERNETES_APPS, 'StatefulSet', 'statefulsets'),
  daemonsets: type(KUBERNETES_APPS, 'DaemonSet', 'daemonsets'),
  cronjobs: type('batch', 'CronJob', 'cronjobs'),
  cronjobsBeta: type('batch', 'CronJob', 'cronjobs', true, 'v1beta1'),
  horizontalpodautoscalers: type('autoscaling', 'HorizontalPodAutoscaler', 'horizontalpodautoscalers'),
  buildconfigs: type('build.openshift.io', 'BuildConfig', 'buildconfigs'),
  imagestreams: type(IMAGE, 'ImageStream', 'imagestreams'),
  routes: type(ROUTE, 'Route', 'routes'),
  roles: type(RBAC, 'Role', 'roles'),
  rolebindings: type(RBAC, 'RoleBinding', 'rolebindings'),
} as const;

/** Served, but made from image streams; never stored. */
export const IMAGE_STREAM_TAGS = type(IMAGE, 'ImageStreamTag', 'imagestreamtags');
export const IMAGE_STREAM_MAPPINGS = type(IMAGE, 'ImageStreamMapping', 'imagestreammappings');
export const IMAGE_STREAM_IMPORTS = type(IMAGE, 'ImageStreamImport', 'imagestreamimports');
export const SELF_SUBJECT_ACCESS_REVIEWS = type(
  'authorization.k8s.io',
  'SelfSubjectAccessReview',
  'selfsubjectaccessreviews',
  false,
);

export const SELF_SUBJECT_RULES_REVIEWS = type(
  'authorization.k8s.io',
  'SelfSubjectRulesReview',
  'selfsubjectrulesreviews',
  false,
);

const ALL: readonly ResourceType[] = [
  ...Object.values(RESOURCES),
  IMAGE_STREAM_TAGS,
  IMAGE_STREAM_MAPPINGS,
  IMAGE_STREAM_IMPORTS,
  SELF_SUBJECT_ACCESS_REVIEWS,
  SELF_SUBJECT_RULES_REVIEWS,
];

export function findResource(group: string, version: string, plural: string): ResourceType | undefined {
  return ALL.find((r) => r.group === group && r.version === version && r.plural === plural);
}

export function findByKind(apiVersion: string, kind: string): ResourceType | undefined {
  return ALL.find((r) => apiVersionOf(r) === apiVersion && r.kind === kind);
}

export function groups(): readonly string[] {
  return [...new Set(ALL.map((r) => r.group))];
}

export function resourcesOf(group: string): readonly ResourceType[] {
  return ALL.filter((r) => r.group === group);
}

export function apiVersionOf(resource: ResourceType): string {
  return resource.group ? `${resource.group}/${resource.version}` : resource.version;
}
