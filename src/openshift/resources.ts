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
  secrets: { group: '', kind: 'Secret', short: 'secret' },
  configmaps: { group: '', kind: 'ConfigMap', short: 'configmap' },
};

export function groupOf(resource: Resource): string {
  return RESOURCES[resource].group;
}

export function typeOf(resource: Resource): { readonly apiVersion: string; readonly kind: string } {
  const { group, kind } = RESOURCES[resource];
  return { apiVersion: group ? `${group}/v1` : 'v1', kind };
}

export function pathOf(resource: Resource, namespace: string, name?: string, subresource?: string): string {
  const { group } = RESOURCES[resource];
  return [
    group ? `/apis/${group}/v1` : '/api/v1',
    'namespaces',
    namespace,
    resource,
    ...(name === undefined ? [] : [encodeURIComponent(name)]),
    ...(subresource === undefined ? [] : [subresource]),
  ].join('/');
}

/** `dc/system-app` */
export function objectName(resource: Resource, name: string): string {
  return `${RESOURCES[resource].short}/${name}`;
}
