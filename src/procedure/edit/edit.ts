import type { Operation } from 'fast-json-patch';
import { isOpenShiftError } from '../../openshift/api-error.ts';
import type { TenantApi } from '../../openshift/tenant-api.ts';
import { pause } from '../../openshift/pause.ts';
import type { Kinds, Resource } from '../../openshift/types.ts';

const TRIES = 20;

/** With the object as it is now. */
export type Edited<T> =
  | { readonly status: 'done' | 'unchanged'; readonly object: T }
  | { readonly status: 'absent'; readonly object?: undefined };

/**
 * Reads an object (or takes it as the caller has just read it), asks what to change, and writes that only if nobody has
 * changed the object meanwhile; otherwise reads it again. `change` returns no operations where all is as it should be,
 * and may throw to refuse.
 */
export async function edit<R extends Resource>(
  api: TenantApi,
  resource: R,
  which: string | Kinds[R],
  change: (object: Kinds[R]) => readonly Operation[],
): Promise<Edited<Kinds[R]>> {
  const name = typeof which === 'string' ? which : which.metadata.name;
  let object = typeof which === 'string' ? undefined : which;
  for (let tries = 1; ; tries += 1) {
    object ??= await api.get(resource, name);
    if (!object) return { status: 'absent' };
    const operations = change(object);
    if (operations.length === 0) return { status: 'unchanged', object };
    const { resourceVersion } = object.metadata;
    try {
      const edited = await api.patch(resource, name, [
        { op: 'test', path: '/metadata/resourceVersion', value: resourceVersion },
        ...operations,
      ]);
      return { status: 'done', object: edited };
    } catch (error) {
      if (!isOpenShiftError(error, 'Conflict') || tries === TRIES) throw error;
      object = undefined;
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
