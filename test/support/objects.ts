import type { Cluster } from '../../simulator/cluster.ts';
import { RESOURCES } from '../../simulator/resources.ts';
import type { GoldenObject, GoldenPlural } from './golden.ts';

/** Objects of one kind as the simulated cluster holds them. */
export function objectsOf(cluster: Cluster, plural: GoldenPlural, namespace: string): GoldenObject[] {
  return cluster.store.list(RESOURCES[plural], namespace) as unknown as GoldenObject[];
}
