import type { FailureEvidence } from './failure-evidence.ts';

/**
 * Types of ApplicationFailure that activities throw. `retryable` ones are tried again by Temporal with backoff (and
 * Retry-After) up to RetryLimits, `Unreachable` for ever; the others need a person (what one look has found, after a second one).
 */
export type FailureType =
  | 'Unreachable'
  | 'Throttled'
  | 'ServerError'
  | 'Conflict'
  | 'RolloutFailed'
  | 'ImportFailed'
  | 'CommandFailed'
  | 'TimedOut'
  | 'Unauthorized'
  | 'Forbidden'
  | 'NotFound'
  | 'Invalid'
  | 'EditedByOthers'
  | 'NotVerified'
  /** The cluster shows that this upgrade has turned, ended, or was begun anew: history is older than it. */
  | 'Superseded'
  | 'UnknownContext'
  /** Leave to cross the point of no return has ended before that could be done: nothing was sent, and it is asked for anew. */
  | 'TooLate'
  /** The worker was told to do what its own paths cannot yield, or by another workflow than the tenant's. */
  | 'NotPermitted'
  /** The worker went away: another one goes on at once. */
  | 'WorkerShutdown'
  | 'Bug';

/** `details[0]` of every ApplicationFailure an activity throws. */
export interface FailureDetails {
  readonly hint: string;
  /** `sim1/tenant-a dc/system-app` */
  readonly where: string;
  readonly attempts: number;
  /** A write was sent that may, or may still, take effect. */
  readonly unsure?: boolean;
  /** Found in the cluster: the point of no return is crossed, and by what. */
  readonly crossed?: string;
  /** What the cluster shows of a rollout that failed; it has passed the redaction, and is small. */
  readonly evidence?: FailureEvidence;
}

/** `details[0]` of the CancelledFailure of an activity that was stopped. */
export interface LetGo {
  /** Whatever it had sent is answered. */
  readonly letGo: boolean;
}
