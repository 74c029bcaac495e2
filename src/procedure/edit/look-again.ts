import { isOpenShiftError } from '../../openshift/api-error.ts';
import { pause } from '../../openshift/pause.ts';
import type { DeleteOptions } from '../../openshift/tenant-api.ts';
import type { ObjectMeta } from '../../openshift/types.ts';

const TRIES = 20;

/**
 * Looks at an object, and acts on what it saw. Where it was written in between (`Conflict`), it looks at it anew: a router or a
 * controller may have written its status, or somebody may have edited it.
 */
export async function lookAgainOnConflict<T>(
  signal: AbortSignal | undefined,
  lookAndAct: () => Promise<T>,
): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await lookAndAct();
    } catch (error) {
      if (!isOpenShiftError(error, 'Conflict') || tries === TRIES) throw error;
      await pause(25 * tries, signal);
    }
  }
}

/** Deletes this very object, and only as it was seen: what somebody has written since is a `Conflict`. */
export const asSeen = ({
  metadata: { uid, resourceVersion },
}: {
  readonly metadata: ObjectMeta;
}): DeleteOptions => ({ uid, resourceVersion });
