import {
  ActivityFailure,
  ApplicationFailure,
  CancelledFailure,
  isCancellation,
  TimeoutFailure,
} from '@temporalio/workflow';
import type { FailureDetails } from '../../src/domain/tenant/failure.ts';
import { failureKind, hintOfFailure, isFailureType } from '../../src/domain/tenant/failure.ts';
import type { FailureEvidence } from '../../src/domain/tenant/failure-evidence.ts';
import type { StepFailure } from '../../src/domain/tenant/progress.ts';

/** How something failed, and how often it had been tried by then. */
export interface Failed {
  readonly failure: StepFailure;
  readonly attempts: number;
  /** What it had sent may still take effect: it was lost, or stopped without having let go. */
  readonly unsure: boolean;
  /** It found in the cluster that the point of no return is crossed, by this. */
  readonly crossed?: string;
  /** Another attempt would have followed: there is none, as it was asked to stop by then. */
  readonly wouldGoOn?: boolean;
}

/** Reads what an activity threw. What is not a failure of an activity is a bug of ours, and says so. */
export function readFailure(error: unknown): Failed {
  if (isCancellation(error) || isStopped(error)) {
    return {
      failure: { type: 'Cancelled', message: 'stopped before it had ended' },
      attempts: 1,
      unsure: !hasLetGo(error),
    };
  }
  const cause = error instanceof ActivityFailure ? error.cause : error;
  if (cause instanceof ApplicationFailure) {
    const details = firstDetail(cause.details);
    const kind = kindOf(cause);
    const hint = details.hint ?? hintOfFailure(kind);
    return {
      failure: {
        ...kind,
        ...(hint === undefined ? {} : { hint }),
        ...(details.evidence === undefined ? {} : { evidence: details.evidence }),
      },
      attempts: details.attempts ?? 1,
      unsure: details.unsure ?? false,
      ...(details.crossed === undefined ? {} : { crossed: details.crossed }),
      ...(isCutShort(error) && !cause.nonRetryable ? { wouldGoOn: true } : {}),
    };
  }
  if (cause instanceof TimeoutFailure) {
    const hint = 'No worker has said how it went: see that workers run, then retry.';
    return { failure: { type: 'TimedOut', message: cause.message, hint }, attempts: 1, unsure: true };
  }
  const message = cause instanceof Error ? cause.message : String(cause);
  return {
    failure: { type: 'Bug', message, hint: failureKind('Bug').hint },
    attempts: 1,
    unsure: false,
  };
}

/** A worker of another release may call it otherwise. */
function kindOf({ type, message }: ApplicationFailure): Pick<StepFailure, 'type' | 'message'> {
  if (isFailureType(type)) return { type, message };
  return type ? { type: 'Unknown', message: `${type}: ${message}` } : { type: 'Bug', message };
}

/** It was told by its own question that it is to stop, before the cancellation had reached it. */
function isStopped(error: unknown): boolean {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  return cause instanceof ApplicationFailure && cause.type === 'Cancelled';
}

/** Temporal makes no further attempt of what is asked to stop, whatever the last one failed with. */
function isCutShort(error: unknown): boolean {
  return error instanceof ActivityFailure && error.retryState === 'CANCEL_REQUESTED';
}

/** It was stopped in good order: whatever it had sent is answered. */
function hasLetGo(error: unknown): boolean {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  const isKnown = cause instanceof CancelledFailure || cause instanceof ApplicationFailure;
  const first: unknown = isKnown ? cause.details?.[0] : undefined;
  return typeof first === 'object' && first !== null && 'letGo' in first && first.letGo === true;
}

function firstDetail(details: readonly unknown[] | null | undefined): Partial<FailureDetails> {
  const first = details?.[0];
  if (typeof first !== 'object' || first === null) return {};
  const { hint, attempts, unsure, crossed, evidence } = first as Record<string, unknown>;
  return {
    ...(typeof hint === 'string' ? { hint } : {}),
    ...(typeof attempts === 'number' ? { attempts } : {}),
    ...(unsure === true ? { unsure } : {}),
    ...(typeof crossed === 'string' ? { crossed } : {}),
    ...(isEvidence(evidence) ? { evidence } : {}),
  };
}

/** As our activities make it; another release may make another. */
const isEvidence = (value: unknown): value is FailureEvidence =>
  typeof value === 'object' && value !== null && 'pods' in value && Array.isArray(value.pods);
