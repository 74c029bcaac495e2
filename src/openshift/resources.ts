import { isLabelName, isObjectName } from '../domain/text/object-name.ts';
import { OpenShiftError } from './api-error.ts';
import type { Resource } from './types.ts';

interface ResourceInfo {
  readonly group: string;
  readonly kind: string;
  /** As `oc` abbreviates it, and people say it: `dc/system-app`. */
  readonly short: string;
}

const RESOURCES: Readonly<Record<Resource, ResourceInfo>> = {
  deploymentconfigs: { group: 'apps.openshift.io', kind: 'DeploymentConfig', short: 'dc' },
  replicationcontrollers: { group: '', kind: 'ReplicationController', short: 'rc' },
  imagestreams: { group: 'image.openshift.io', kind: 'ImageStream', short: 'imagestream' },
  imagestreamtags: { group: 'image.openshift.io', kind: 'ImageStreamTag', short: 'imagestreamtag' },
  imagestreamimports: { group: 'image.openshift.io', kind: 'ImageStreamImport', short: 'imagestreamimport' },
  routes: { group: 'route.openshift.io', kind: 'Route', short: 'route' },
  pods: { group: '', kind: 'Pod', short: 'pod' },
  events: { group: '', kind: 'Event', short: 'event' },
  secrets: { group: '', kind: 'Secret', short: 'secret' },
  configmaps: { group: '', kind: 'ConfigMap', short: 'configmap' },
  deployments: { group: 'apps', kind: 'Deployment', short: 'deployment' },
  statefulsets: { group: 'apps', kind: 'StatefulSet', short: 'statefulset' },
  daemonsets: { group: 'apps', kind: 'DaemonSet', short: 'daemonset' },
  cronjobs: { group: 'batch', kind: 'CronJob', short: 'cronjob' },
  'cronjobs.v1beta1': { group: 'batch', kind: 'CronJob', short: 'cronjob' },
  horizontalpodautoscalers: { group: 'autoscaling', kind: 'HorizontalPodAutoscaler', short: 'hpa' },
  buildconfigs: { group: 'build.openshift.io', kind: 'BuildConfig', short: 'bc' },
};

export function groupOf(resource: Resource): string {
  return RESOURCES[resource].group;
}

/** As a URL and a Role have it. */
export function pluralOf(resource: Resource): string {
  const [plural = resource] = resource.split('.');
  return plural;
}

function versionOf(resource: Resource): string {
  const [, version = 'v1'] = resource.split('.');
  return version;
}

export function typeOf(resource: Resource): { readonly apiVersion: string; readonly kind: string } {
  const { group, kind } = RESOURCES[resource];
  const version = versionOf(resource);
  return { apiVersion: group ? `${group}/${version}` : version, kind };
}

/**
 * Where the API has it. Throws `Invalid` for a namespace or a name that no object can have: whatever it is that was
 * given, it never becomes another path.
 */
export function pathOf(resource: Resource, namespace: string, name?: string, subresource?: string): string {
  const { group, kind } = RESOURCES[resource];
  if (name !== undefined && !canBeCalled(resource, name)) throw noName(kind, name);
  const segments = [namespaceChecked(namespace), pluralOf(resource), name, subresource].filter(
    (segment) => segment !== undefined,
  );
  const version = versionOf(resource);
  return [
    group ? `/apis/${group}/${version}` : `/api/${version}`,
    'namespaces',
    ...segments.map(encodeURIComponent),
  ].join('/');
}

/** The namespace itself; throws `Invalid` where no namespace can be called so. */
export function namespaceChecked(namespace: string): string {
  if (!isLabelName(namespace)) throw noName('namespace', namespace);
  return namespace;
}

/** Of what is given as a name and is none: shown so that it cannot do anything to a terminal. */
export function noName(what: string, name: string): OpenShiftError {
  return new OpenShiftError('Invalid', 0, `${JSON.stringify(name.slice(0, 80))} is no name of a ${what}`);
}

/** The image API has names of its own (docker/distribution reference: name components and tags). */
const STREAM = /^[a-z0-9]+((__|[._]|-+)[a-z0-9]+)*$/;
const TAG = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;

function canBeCalled(resource: Resource, name: string): boolean {
  if (resource === 'imagestreams') return name.length <= 253 && STREAM.test(name);
  if (resource !== 'imagestreamtags') return isObjectName(name);
  const [stream = '', tag = '', ...more] = name.split(':');
  return more.length === 0 && canBeCalled('imagestreams', stream) && TAG.test(tag);
}

/** `dc/system-app` */
export function objectName(resource: Resource, name: string): string {
  return `${RESOURCES[resource].short}/${name}`;
}
