import { asDeploymentConfig } from '../objects.ts';

import type { KubeObject, ResourceType } from '../types.ts';
import { DISCOVERY } from './discovery.ts';
import type { ApiRequest } from './types.ts';

/** `oc get` and `kubectl get` ask for a Table to print. */
export function wantsTable(request: ApiRequest): boolean {
  return (request.headers.accept ?? '').split(',')[0]?.includes('as=Table') ?? false;
}

const NAME_COLUMN = {
  name: 'Name',
  type: 'string',
  format: 'name',
  description: 'Name must be unique within a namespace.',
  priority: 0,
};
const CREATED_COLUMN = {
  name: 'Created At',
  type: 'date',
  format: '',
  description: 'CreationTimestamp of the object.',
  priority: 0,
};

export function asTable(
  resource: ResourceType,
  objects: readonly KubeObject[],
  resourceVersion: string,
): unknown {
  const isConfig = resource.kind === 'DeploymentConfig';
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata: { resourceVersion },
    columnDefinitions: isConfig ? DISCOVERY.tables.deploymentconfigs : [NAME_COLUMN, CREATED_COLUMN],
    rows: objects.map((object) => ({
      cells: isConfig ? configCells(object) : [object.metadata.name, object.metadata.creationTimestamp],
      object: { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata },
    })),
  };
}

function configCells(object: KubeObject): unknown[] {
  const { metadata, spec, status } = asDeploymentConfig(object);
  const triggers = (spec.triggers ?? []).map((trigger) =>
    trigger.type === 'ImageChange' ? `image(${trigger.imageChangeParams.from.name})` : 'config',
  );
  return [
    metadata.name,
    status.latestVersion,
    String(spec.replicas),
    status.updatedReplicas,
    triggers.join(','),
  ];
}
