import { ApplicationFailure, CancelledFailure, Context } from '@temporalio/activity';
import { assertNever } from '../src/domain/text/assert-never.ts';
import { aboutTenant } from '../src/domain/tenant/decisions.ts';
import type { FailureEvidence } from '../src/domain/tenant/failure-evidence.ts';
import { plainDeep, plainText } from '../src/domain/text/plain-text.ts';
import type { PodCount } from '../src/domain/tenant/pod-count.ts';
import { heartbeatOf, withoutPodCount } from '../src/domain/tenant/pod-count.ts';
import type { TenantRef } from '../src/domain/tenant/tenant.ts';
import { tenantName } from '../src/domain/tenant/tenant.ts';
import type { RetryLimits } from '../src/domain/tenant/tenant-upgrade.ts';
import type { ApiErrorKind } from '../src/openshift/api-error.ts';
import { OpenShiftError } from '../src/openshift/api-error.ts';
import { KubeconfigError } from '../src/openshift/kubeconfig/kubeconfig.ts';
import type { FailureDetails, FailureType, LetGo } from '../src/domain/tenant/failure.ts';
import { failureKind } from '../src/domain/tenant/failure.ts';
import { StepError } from '../src/procedure/step-error.ts';
import { NotCurrent, stillCurrent } from './still-current.ts';
import { temporalNow } from './temporal-now.ts';

const BEAT_MS = 2_000;
/** As workflows call what they have stopped: it is no failure. */
const CANCELLED: FailureType = 'Cancelled';
const LONGEST_DELAY_MS = 60_000;

/** How often each kind of failure was met in the attempts so far: kept in the heartbeat, so it outlives the worker. */
type Counts = Partial<Record<FailureType, number>> & {
  /** Something was sent whose answer nobody has had. */
  unsure?: boolean;
  /**
   * It was to create something, or to delete it by its name alone: it stays so, whatever a later attempt is answered.
   * (Called as earlier releases call it, whose attempts may come before or after.)
   */
  mayCreateLate?: boolean;
};

/** What went wrong, in the words an operator reads. */
export interface Failure {
  readonly type: FailureType;
  readonly message: string;
  readonly hint: string;
  readonly retryAfterMs?: number | undefined;
  /** A write was sent, and nobody knows whether it took effect, or still will. */
  readonly unsure?: boolean;
  readonly crossed?: string | undefined;
  readonly evidence?: FailureEvidence | undefined;
}

/** One attempt of an activity, as its work sees it. */
export interface Attempt {
  readonly signal: AbortSignal;
  /** From 1. */
  readonly number: number;
  /** The workflow's run that asked for it. */
  readonly runId: string;
  /** Rejects where Temporal waits for another attempt, or for none. */
  readonly stillCurrent: () => Promise<void>;
  /** What Temporal's clock shows, to which this machine's own may be no guide; rejects as `stillCurrent` does. */
  readonly temporalNow?: () => Promise<number>;
  /** To be told of what was not answered, and nothing but a name guards. */
  readonly unguardedLost?: () => void;
  /** To be told how far a rollout is: the heartbeat tells it on. */
  readonly rolls?: (pods: PodCount) => void;
}

/** What an activity is about, and how often it is tried. */
export interface Bounds {
  readonly tenant: TenantRef;
  readonly limits: RetryLimits;
  /** It may create something, or delete it, that is guarded by nothing but its name. */
  readonly isUnguarded?: boolean;
}

/**
 * Runs an activity's work: beats while it runs, hands it the signal that ends it, and turns whatever it throws into an
 * ApplicationFailure that says whether and when to try again. What a single look finds is looked at twice before (look-twice.ts).
 * An outcome is `unsure` where something may be created or deleted late all the same.
 */
export async function atBoundary<T extends object>(
  { tenant, limits, isUnguarded = false }: Bounds,
  work: (attempt: Attempt) => Promise<T>,
): Promise<T> {
  const context = Context.current();
  const counts: Counts = withoutPodCount({ ...(context.info.heartbeatDetails as Counts | undefined) });
  let pods: PodCount | undefined;
  const details = (): Counts => ({ ...counts, ...(pods && heartbeatOf(pods)) });
  // An attempt that nobody has heard of: its worker was killed, and what it had sent may still take effect.
  if (failuresIn(counts) < context.info.attempt - 1) {
    counts.unsure = true;
    counts.mayCreateLate ||= isUnguarded;
  }
  const beat = setInterval(() => {
    context.heartbeat(details());
  }, BEAT_MS);
  try {
    const outcome = plainDeep(
      await work({
        signal: context.cancellationSignal,
        number: context.info.attempt,
        runId: context.info.workflowExecution?.runId ?? '',
        stillCurrent: () => stillCurrent(details()),
        temporalNow: () => temporalNow(details()),
        unguardedLost: () => {
          counts.unsure = true;
          counts.mayCreateLate = true;
        },
        rolls: (seen) => (pods = seen),
      }),
    );
    return counts.mayCreateLate ? { ...outcome, unsure: true } : outcome;
  } catch (error) {
    if (isUnsure(error)) counts.unsure = true;
    const letsGo = !counts.unsure;
    if (context.cancellationSignal.aborted) throw stopped(context, counts);
    if (error instanceof CancelledFailure) throw stoppedEarly(letsGo);
    if (error instanceof NotCurrent) throw nobodyWaits();
    const failure = { ...describeFailure(error), unsure: counts.unsure ?? false };
    counts[failure.type] = (counts[failure.type] ?? 0) + 1;
    context.heartbeat(counts);
    throw toApplicationFailure(failure, {
      tenant,
      attempt: context.info.attempt,
      count: counts[failure.type] ?? 1,
      limits,
    });
  } finally {
    clearInterval(beat);
  }
}

/** Cancelled by the workflow, or because the worker goes away: then another one goes on. */
function stopped(context: Context, counts: Counts): Error {
  const reason: unknown = context.cancellationSignal.reason;
  if (reason instanceof CancelledFailure && reason.message !== 'WORKER_SHUTDOWN')
    return letGo(reason.message, !counts.unsure);
  counts.WorkerShutdown = (counts.WorkerShutdown ?? 0) + 1;
  context.heartbeat(counts);
  return ApplicationFailure.create({
    type: 'WorkerShutdown' satisfies FailureType,
    message: 'its worker was shut down: the next worker goes on with it',
    nextRetryDelay: 1_000,
  });
}

/** Says whether all that it had sent is answered: what was not may still take effect. */
function letGo(message: string, isLetGo: boolean): CancelledFailure {
  return new CancelledFailure(message, [{ letGo: isLetGo } satisfies LetGo]);
}

/** Temporal has said so in answer to a question, before the signal came: it takes no cancellation for one yet. */
function stoppedEarly(isLetGo: boolean): ApplicationFailure {
  const details = { letGo: isLetGo } satisfies LetGo;
  return ApplicationFailure.nonRetryable('stopped before it had ended', CANCELLED, details);
}

const failuresIn = ({ unsure: _unsure, mayCreateLate: _late, ...counts }: Counts): number =>
  Object.values(counts).reduce((sum, count) => sum + count, 0);

const isUnsure = (error: unknown): boolean => error instanceof OpenShiftError && error.unsure;

/** Temporal drops it, or, where an operator has paused or reset the activity, begins another attempt in its time. */
function nobodyWaits(): ApplicationFailure {
  return ApplicationFailure.create({
    type: 'Superseded' satisfies FailureType,
    message: 'another attempt has taken the place of this one: it wrote nothing any more',
    nextRetryDelay: 1_000,
  });
}

function toApplicationFailure(
  { type, message, hint, retryAfterMs = 0, unsure, crossed, evidence }: Failure,
  {
    tenant,
    attempt,
    count,
    limits,
  }: {
    readonly tenant: TenantRef;
    readonly attempt: number;
    readonly count: number;
    readonly limits: RetryLimits;
  },
): ApplicationFailure {
  const details: FailureDetails = {
    hint: plainText(aboutTenant(hint, tenant)),
    attempts: attempt,
    ...(unsure ? { unsure } : {}),
    ...(crossed ? { crossed: plainText(crossed) } : {}),
    ...(evidence ? { evidence: plainDeep(evidence) } : {}),
  };
  const backoffMs = Math.min(LONGEST_DELAY_MS, 500 * 2 ** Math.min(count, 10));
  return ApplicationFailure.create({
    type,
    message: plainText(`${tenantName(tenant)}: ${message}`),
    details: [details],
    nonRetryable: count >= triesOf(type, limits),
    nextRetryDelay: Math.max(retryAfterMs, backoffMs),
  });
}

/** How often a kind of failure is met before it counts. */
function triesOf(
  type: FailureType,
  { transientAttempts, outcomeAttempts, unreachableAttempts = Infinity }: RetryLimits,
): number {
  const { retry } = failureKind(type);
  switch (retry) {
    case 'for-ever':
      return Infinity;
    case 'until-answered':
      return unreachableAttempts;
    case 'transient':
      return transientAttempts;
    case 'outcome':
      return outcomeAttempts;
    case 'once':
      return 1;
    default:
      return assertNever(retry);
  }
}

/** Of an error nobody expected, the kind and the place only: its message may quote what it choked on. */
export function describeFailure(error: unknown): Failure {
  if (error instanceof StepError) {
    const { type, message, hint, crossed, evidence } = error;
    return { type, message, hint, crossed, evidence };
  }
  if (error instanceof KubeconfigError) {
    const { isPassing } = error;
    // One that is being written is whole a moment later: nobody is asked to decide.
    return { type: isPassing ? 'Unreachable' : 'UnknownContext', ...asTheWorkers(error) };
  }
  if (error instanceof OpenShiftError) {
    const { kind, message, retryAfterMs } = error;
    const type = kind === 'AlreadyExists' ? 'Conflict' : kind;
    return { type, message, hint: apiHint(kind, message), retryAfterMs, unsure: isUnsure(error) };
  }
  const [name, place] =
    error instanceof Error
      ? [error.name, /\n\s+at (.*)/.exec(error.stack ?? '')?.[1] ?? 'an unknown place']
      : [typeof error, 'an unknown place'];
  return { type: 'Bug', message: `${name} at ${place}`, hint: failureKind('Bug').hint };
}

/** Whoever has started the upgrade may have another kubeconfig, which has the context. */
function asTheWorkers({ message, hint, missing }: KubeconfigError): Pick<Failure, 'message' | 'hint'> {
  if (missing === undefined) return { message, hint };
  return {
    message: message.replace(/^the kubeconfig /, 'the kubeconfig of the worker that runs it '),
    hint: `Give that worker a kubeconfig that has ${missing} (worker, and dev, take --kubeconfig), or name a context that it has with --context.`,
  };
}

/** A 403 is no lack of rights where a quota, or another admission plugin, says so. */
function apiHint(kind: ApiErrorKind, message: string): string {
  if (kind === 'AlreadyExists') return 'Somebody else creates the same object: find out who, then retry.';
  if (kind !== 'Forbidden' || / cannot /.test(message)) return failureKind(kind).hint;
  return message.includes('exceeded quota')
    ? 'Raise the quota, or delete what uses it up: oc describe resourcequota -n <project>; then retry.'
    : 'Grant what is missing with: threescale-upgrade rbac -n <project> --bind-user NAME | oc apply -f -, or change the rule that refuses it; then retry.';
}
