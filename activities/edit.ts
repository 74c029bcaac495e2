import type { Operation } from 'fast-json-patch';
import { isOpenShiftError } from '../src/openshift/api-error.ts';
import type { TenantApi } from '../src/openshift/tenant-api.ts';
import { pause } from '../src/openshift/tenant-api.ts';
import type { Kinds, Resource } from '../src/openshift/types.ts';

const TRIES = 20;

/**
 * Reads an object, asks what to change, and writes that only if nobody has changed the object meanwhile; otherwise
 * reads it again. `change` returns no operations where all is as it should be, and may throw to refuse.
 */
export async function edit<R extends Resource>(
  api: TenantApi,
  resource: R,
  name: string,
  change: (object: Kinds[R]) => readonly Operation[],
): Promise<'done' | 'unchanged' | 'absent'> {
  for (let tries = 1; ; tries += 1) {
    const object = await api.get(resource, name);
    if (!object) return 'absent';
    const operations = change(object);
    if (operations.length === 0) return 'unchanged';
    const { resourceVersion } = object.metadata;
    try {
      await api.patch(resource, name, [
        { op: 'test', path: '/metadata/resourceVersion', value: resourceVersion },
        ...operations,
      ]);
      return 'done';
    } catch (error) {
      if (!isOpenShiftError(error, 'Conflict') || tries === TRIES) throw error;
      await pause(25 * tries, api.signal);
    }
  }
}

/** A segment of a JSON pointer. */
export function pointer(...segments: readonly (string | number)[]): string {
  return segments
    .map((segment) => `/${String(segment).replaceAll('~', '~0').replaceAll('/', '~1')}`)
    .join('');
}

/** Sets an annotation of an object that may have none yet. */
export function annotate(
  annotations: Readonly<Record<string, string>> | undefined,
  key: string,
  value: string,
): Operation[] {
  if (annotations === undefined)
    return [{ op: 'add', path: '/metadata/annotations', value: { [key]: value } }];
  return [{ op: 'add', path: pointer('metadata', 'annotations', key), value }];
}
