import { pause } from '../../openshift/pause.ts';
import { TakenOver } from '../claim/claim.ts';
import type { FailureType } from '../../domain/tenant/failure.ts';
import { StepError } from '../step-error.ts';

/** What somebody has done stays so; what a server remembered that lags behind the others does not. */
export const LAGS_AT_MOST_MS = 3_000;

/** What is found by looking: the others are the cluster's own words. */
const FOUND_BY_LOOKING: readonly FailureType[] = ['EditedByOthers', 'NotFound', 'NotVerified', 'Superseded'];

/** One try at an activity's work, and whether it has written anything. */
export interface Try<T> {
  readonly act: () => Promise<T>;
  readonly hasWritten: () => boolean;
}

/**
 * A person is told that somebody has changed something, or that something is not there, only when a second look, some
 * seconds later, finds it too. What has written is not begun again unasked, and what is settled has been looked at often.
 * What was looked at before another run's last moment to write is no look.
 */
export async function lookTwice<T>(begin: () => Try<T>, signal: AbortSignal): Promise<T> {
  const { act, hasWritten } = begin();
  try {
    return await act();
  } catch (error) {
    if (error instanceof TakenOver) return lookTwice(begin, signal);
    const isFound = error instanceof StepError && FOUND_BY_LOOKING.includes(error.type);
    if (!isFound || error.isSettled || hasWritten()) throw error;
    await pause(LAGS_AT_MOST_MS, signal);
    return lookOnce(begin);
  }
}

async function lookOnce<T>(begin: () => Try<T>): Promise<T> {
  try {
    return await begin().act();
  } catch (error) {
    if (error instanceof TakenOver) return lookOnce(begin);
    throw error;
  }
}

/** The same for a look whose answer says by itself whether anything stands against it. */
export async function seeTwice<T>(
  look: () => Promise<T>,
  isBad: (seen: T) => boolean,
  signal: AbortSignal | undefined,
): Promise<T> {
  const seen = await look();
  if (!isBad(seen)) return seen;
  await pause(LAGS_AT_MOST_MS, signal);
  return look();
}
