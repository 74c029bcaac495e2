import type { Cluster } from '../../simulator/cluster.ts';
import { RESOURCES } from '../../simulator/resources.ts';
import type { KubeObject } from '../../simulator/types.ts';

/** Everything in a project that somebody could have written: `Kind/name` → the object. */
export type Snapshot = ReadonlyMap<string, KubeObject>;

const KINDS = [
  RESOURCES.deploymentconfigs,
  RESOURCES.imagestreams,
  RESOURCES.routes,
  RESOURCES.services,
  RESOURCES.configmaps,
  RESOURCES.secrets,
  RESOURCES.serviceaccounts,
  RESOURCES.roles,
  RESOURCES.rolebindings,
] as const;

/** The store's objects are replaced and never changed, so they need no copy. */
export function snapshotOf({ store }: Cluster, namespace: string): Snapshot {
  return new Map(
    KINDS.flatMap((resource) =>
      store
        .list(resource, namespace)
        .map((object) => [`${object.kind}/${object.metadata.name}`, object] as const),
    ),
  );
}
