import type { FailureEvidence } from './failure-evidence.ts';

/**
 * How long a kind of failure is tried again by itself, with backoff (and Retry-After). `until-answered`: as long as the
 * cluster does not answer, and as the limits say; `transient` and `outcome`: so many times as they say; `once`: it needs a
 * person, what one look has found after a second one.
 */
export type Retry = 'for-ever' | 'until-answered' | 'transient' | 'outcome' | 'once';

interface FailureKind {
  readonly retry: Retry;
  /** What to do, where whoever says so knows no better; ends with a command to type where there is one. */
  readonly hint?: string;
  /** Section of docs/runbook.md. */
  readonly anchor: string;
}

const HELD = 'a-tenant-is-held';
const BUG = 'This is a bug of the tool: report it.';
const GOES_ON_OR_BACK =
  'retry goes on to the end; revert goes back to the old version on a migrated database.';

/** Every kind of failure: of activities, and, from `Cancelled` on, what only workflows say. */
const FAILURES = {
  Unreachable: {
    retry: 'until-answered',
    hint: 'It goes on by itself when the cluster answers again; look at: oc get --raw /healthz',
    anchor: 'a-cluster-does-not-answer',
  },
  Throttled: {
    retry: 'transient',
    hint: 'It tries again by itself; when it gave up, retry at a quieter time.',
    anchor: HELD,
  },
  ServerError: {
    retry: 'transient',
    hint: 'It tries again by itself; when it gave up, look at the cluster, then retry.',
    anchor: HELD,
  },
  Conflict: {
    retry: 'transient',
    hint: 'Somebody else writes the same object all the time: find out who, then retry.',
    anchor: HELD,
  },
  RolloutFailed: {
    retry: 'outcome',
    hint: 'Put its cause right; then retry: it is rolled out once more.',
    anchor: 'why-a-rollout-failed',
  },
  ImportFailed: {
    retry: 'outcome',
    hint: 'Make the image available; then retry.',
    anchor: HELD,
  },
  CommandFailed: {
    retry: 'outcome',
    hint: 'Look at the log of its pod; then retry, or skip the step.',
    anchor: HELD,
  },
  TimedOut: {
    retry: 'once',
    hint: 'Look in the pod whether the command still runs, and wait for its end; then retry, or skip the step.',
    anchor: HELD,
  },
  Unauthorized: {
    retry: 'once',
    hint: 'Log in again with: oc login; give the worker the new kubeconfig, then retry.',
    anchor: HELD,
  },
  Forbidden: {
    retry: 'once',
    hint: 'Grant what is missing with: threescale-upgrade rbac -n <project> --bind-user NAME | oc apply -f -; then retry.',
    anchor: HELD,
  },
  NotFound: { retry: 'once', hint: 'Restore what is missing, then retry.', anchor: HELD },
  Invalid: {
    retry: 'once',
    hint: 'The cluster refuses the change: look at the object, put it right, then retry.',
    anchor: HELD,
  },
  EditedByOthers: {
    retry: 'once',
    hint: 'Agree with whoever has changed it, put it as it should be, and retry; or skip the step.',
    anchor: 'somebody-changes-what-an-upgrade-has-staged-or-is-about-to',
  },
  NotVerified: { retry: 'once', hint: 'Put right what is named; then retry.', anchor: HELD },
  /** The cluster shows that this upgrade has turned, ended, or was begun anew: history is older than it. */
  Superseded: {
    retry: 'once',
    hint: 'Look at the tenant with: threescale-upgrade check; then decide: revert, or abandon and start it again, which takes up what is there.',
    anchor: 'temporals-history-is-older-than-the-cluster',
  },
  UnknownContext: {
    retry: 'once',
    hint: 'Give the worker a kubeconfig whose context leads to the same cluster; then retry.',
    anchor: 'a-context-leads-to-another-cluster',
  },
  /** Leave to cross the point of no return has ended before that could be done: nothing was sent, and it is asked for anew. */
  TooLate: {
    retry: 'once',
    hint: 'It is asked for anew by itself; where the clocks of Temporal’s own hosts differ by minutes, set them right, then retry.',
    anchor: HELD,
  },
  /** The worker was told to do what its own paths cannot yield, or by another workflow than the tenant's. */
  NotPermitted: {
    retry: 'once',
    hint:
      'This worker does only what its own release has in its paths. Find out who started this workflow, and with which ' +
      'release; then abandon it, and start the upgrade anew.',
    anchor: 'notpermitted',
  },
  /** The worker went away: another one goes on at once. */
  WorkerShutdown: { retry: 'for-ever', anchor: 'the-worker-the-machine-or-temporal-is-gone' },
  Bug: { retry: 'once', hint: BUG, anchor: HELD },
  /** It was asked to stop. */
  Cancelled: { retry: 'once', anchor: HELD },
  /** An abort came when the point of no return was crossed. */
  Aborted: { retry: 'once', hint: GOES_ON_OR_BACK, anchor: HELD },
  /** It was to be reverted, and the point of no return is crossed. */
  AlreadyCrossed: { retry: 'once', hint: GOES_ON_OR_BACK, anchor: HELD },
  /** Somebody, or its policy, has had it taken back. */
  Reverted: { retry: 'once', anchor: 'a-fleet-needs-somebody' },
  /** Its window closed too often before it was staged. */
  WindowTooShort: {
    retry: 'once',
    hint: 'Give it a longer window, or onClose: finish-step, in the file of the fleet, and apply it; then retry.',
    anchor: 'a-fleet-needs-somebody',
  },
  /** Its workflow was ended from outside: nobody knows how far it is. */
  Lost: {
    retry: 'once',
    hint: 'See how far it is with: threescale-upgrade check; then retry: it takes up what is there.',
    anchor: 'a-fleet-needs-somebody',
  },
  /** Another release of the tool calls it otherwise: its message says how. */
  Unknown: {
    retry: 'once',
    hint: 'Read its message, and put right what it names; then retry.',
    anchor: HELD,
  },
} as const satisfies Readonly<Record<string, FailureKind>>;

/** Types of ApplicationFailure that activities throw, and what only workflows say of failures. */
export type FailureType = keyof typeof FAILURES;

/** What a failure that stands in a history is: one of another release may have another type. */
export const isFailureType = (type: string | null | undefined): type is FailureType =>
  typeof type === 'string' && Object.hasOwn(FAILURES, type);

export const FAILURE_TYPES = Object.keys(FAILURES) as readonly FailureType[];

/** What is known of a kind of failure. */
export function failureKind<T extends FailureType>(type: T): (typeof FAILURES)[T] {
  return FAILURES[type];
}

/** What to do about a failure: its own hint, else that of its kind; undefined where there is nothing to be done. */
export function hintOfFailure({
  type,
  hint,
}: {
  readonly type: string;
  readonly hint?: string;
}): string | undefined {
  if (hint !== undefined || !isFailureType(type)) return hint;
  const kind: FailureKind = failureKind(type);
  return kind.hint;
}

/** `details[0]` of every ApplicationFailure an activity throws. */
export interface FailureDetails {
  readonly hint: string;
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
