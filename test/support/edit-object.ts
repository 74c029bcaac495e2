import type { Operation } from 'fast-json-patch';
import type { Resource } from '../../src/openshift/types.ts';
import type { Lab } from './lab.ts';

/** Somebody's edit, by hand. */
export async function patchObject(
  { clusters }: Lab,
  namespace: string,
  resource: Resource,
  name: string,
  operations: readonly Operation[],
): Promise<void> {
  await clusters.open(clusters.tenant('sim1', namespace)).patch(resource, name, operations);
}
