import { isOpenShiftError } from '../../openshift/api-error.ts';
import type { TenantReader } from '../../openshift/tenant-api.ts';
import type { Kinds, Resource } from '../../openshift/types.ts';

/**
 * What is good to know, and without which an upgrade goes on: undefined where the identity may not list it, or the cluster has no
 * such kind (then its answer is none of an API). Every other failure is thrown.
 */
export async function listIfAllowed<R extends Resource>(
  api: TenantReader,
  resource: R,
): Promise<readonly Kinds[R][] | undefined> {
  try {
    return await api.list(resource);
  } catch (error) {
    if (isOpenShiftError(error) && (error.kind === 'Forbidden' || error.status === 404)) return undefined;
    throw error;
  }
}
