import { OpenShiftError } from './api-error.ts';
import { pause } from './pause.ts';

/** Of ten requests that half the time fail, all but one in six hundred are answered. */
const TRIES = 6;
const PAUSE_MS = { first: 100, longest: 2_000 };
/** A server that wants to be left alone for longer is left to whoever asked: Temporal waits without a worker's slot. */
const LONGEST_RETRY_AFTER_MS = 10_000;

/**
 * Reads, and where the answer says nothing of what was asked (no answer, 429, 5xx), reads again a few times. Not beyond
 * `withinMs` after the first try, so that a silent API costs one deadline and no more. The signal ends it at once.
 */
export async function readAgain<T>(
  read: () => Promise<T>,
  { signal, withinMs }: { readonly signal: AbortSignal | undefined; readonly withinMs: number },
): Promise<T> {
  const begunMs = performance.now();
  for (let tries = 1; ; tries += 1) {
    try {
      return await read();
    } catch (error) {
      const waitMs = tries < TRIES ? waitAfter(error, tries) : undefined;
      if (waitMs === undefined || performance.now() - begunMs + waitMs >= withinMs) throw error;
      await pause(waitMs, signal);
    }
  }
}

/** Undefined where the same question would have the same answer, or must wait for long. */
function waitAfter(error: unknown, tries: number): number | undefined {
  if (!(error instanceof OpenShiftError)) return undefined;
  const { kind, status, retryAfterMs = 0 } = error;
  if (kind !== 'Unreachable' && kind !== 'Throttled' && kind !== 'ServerError') return undefined;
  // A group that the server does not have is answered by a plain 404, and not as an API does.
  if (kind === 'Unreachable' && status >= 300 && status < 500) return undefined;
  if (retryAfterMs > LONGEST_RETRY_AFTER_MS) return undefined;
  const pauseMs = Math.min(PAUSE_MS.longest, PAUSE_MS.first * 2 ** (tries - 1));
  // Spread, so that those who failed together do not come again together.
  return Math.max(retryAfterMs, pauseMs / 2) + (Math.random() * pauseMs) / 2;
}
