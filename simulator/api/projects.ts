import type { Cluster } from '../cluster.ts';
import type { Identity } from '../identities.ts';
import { RESOURCES } from '../resources.ts';
import { presentItem } from './present.ts';
import type { ApiAnswer, ApiRequest } from './types.ts';

const PATH = '/apis/project.openshift.io/v1/projects';

/**
 * The list of projects, for a GET of it: everybody who is known may ask, and is shown the namespaces in which some role
 * is granted to them. By the documentation: the recordings have no such request. In one page, whatever `limit` says.
 */
export function listProjects(
  cluster: Cluster,
  identity: Identity,
  { method, path }: ApiRequest,
): ApiAnswer | undefined {
  if (method !== 'GET' || path !== PATH || !identity.groups.includes('system:authenticated'))
    return undefined;
  const items = cluster.store
    .list(RESOURCES.namespaces)
    .filter(({ metadata }) => cluster.identities.rulesOf(identity, metadata.name).length > 0)
    .map(presentItem);
  const resourceVersion = String(cluster.store.resourceVersion);
  const kind = 'ProjectList';
  return {
    status: 200,
    body: { kind, apiVersion: 'project.openshift.io/v1', metadata: { resourceVersion }, items },
  };
}
