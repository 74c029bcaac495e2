import { ActivityFailure, ApplicationFailure, isCancellation, TimeoutFailure } from '@temporalio/workflow';
import type { FailureDetails } from '../activities/contract.ts';
import type { StepFailure } from '../src/domain/progress.ts';

/** How something failed, and how often it had been tried by then. */
export interface Failed {
  readonly failure: StepFailure;
  readonly attempts: number;
}

/** Reads what an activity threw. What is not a failure of an activity is a bug of ours, and says so. */
export function readFailure(error: unknown): Failed {
  if (isCancellation(error)) {
    return { failure: { type: 'Cancelled', message: 'stopped before it had ended' }, attempts: 1 };
  }
  const cause = error instanceof ActivityFailure ? error.cause : error;
  if (cause instanceof ApplicationFailure) {
    const details = firstDetail(cause.details);
    return {
      failure: {
        type: cause.type ?? 'Bug',
        message: cause.message,
        ...(details.hint === undefined ? {} : { hint: details.hint }),
      },
      attempts: details.attempts ?? 1,
    };
  }
  if (cause instanceof TimeoutFailure) {
    return { failure: { type: 'TimedOut', message: cause.message }, attempts: 1 };
  }
  const message = cause instanceof Error ? cause.message : String(cause);
  return { failure: { type: 'Bug', message, hint: 'This is a bug of the tool: report it.' }, attempts: 1 };
}

function firstDetail(details: readonly unknown[] | null | undefined): Partial<FailureDetails> {
  const first = details?.[0];
  if (typeof first !== 'object' || first === null) return {};
  const { hint, attempts } = first as Record<string, unknown>;
  return {
    ...(typeof hint === 'string' ? { hint } : {}),
    ...(typeof attempts === 'number' ? { attempts } : {}),
  };
}
