import { pause } from '../src/openshift/pause.ts';
import type { FailureType } from './contract.ts';
import { StepError } from './step-error.ts';

/** What somebody has done stays so; what a server remembered that lags behind the others does not. */
const LAGS_AT_MOST_MS = 3_000;

/** What a step finds by looking once. The others are the cluster's own words, or have been waited for. */
const SEEN_IN_A_LOOK: readonly FailureType[] = ['EditedByOthers', 'NotFound', 'Superseded'];

/**
 * A person is told that somebody has changed something only when a second look, some seconds later, finds it too. Every
 * step looks before it acts: done again, it does what is missing.
 */
export async function lookTwice<T>(act: () => Promise<T>, signal: AbortSignal): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof StepError) || !SEEN_IN_A_LOOK.includes(error.type)) throw error;
    await pause(LAGS_AT_MOST_MS, signal);
    return act();
  }
}

/** The same for a look that lists what is not as it must be. */
export async function listTwice<T>(look: () => Promise<T[]>, signal: AbortSignal): Promise<T[]> {
  const found = await look();
  if (found.length === 0) return found;
  await pause(LAGS_AT_MOST_MS, signal);
  return look();
}
