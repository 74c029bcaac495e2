import type { FailureEvidence } from '../domain/tenant/failure-evidence.ts';
import type { FailureType } from '../domain/tenant/failure.ts';

/** What a step found wrong by itself: `message` says what and where, `hint` what to do. Neither holds a value. */
export class StepError extends Error {
  readonly type: FailureType;
  readonly hint: string;
  /** Found on the way: the point of no return is crossed, and by what. */
  readonly crossed: string | undefined;
  /** What the cluster shows of it; it has passed the redaction. */
  readonly evidence: FailureEvidence | undefined;
  #isSettled = false;

  constructor(
    type: FailureType,
    message: string,
    hint: string,
    { crossed, evidence }: { readonly crossed?: string; readonly evidence?: FailureEvidence } = {},
  ) {
    super(message);
    this.name = 'StepError';
    this.type = type;
    this.hint = hint;
    this.crossed = crossed;
    this.evidence = evidence;
  }

  /** It was looked at again and again: a look that was late explains it no more. */
  get isSettled(): boolean {
    return this.#isSettled;
  }

  settled(): this {
    this.#isSettled = true;
    return this;
  }
}

/** Somebody else has changed what this upgrade had set, or was about to set. */
export function editedByOthers(object: string, what: string): StepError {
  return new StepError(
    'EditedByOthers',
    `${object}: ${what} was changed by somebody else`,
    `Look at ${object}, agree with who changed it, put it as it should be, and retry; or skip the step.`,
  );
}

/** Its owner has paused it: it is not ours to resume. */
export function pausedByOthers(name: string): StepError {
  return new StepError(
    'EditedByOthers',
    `dc/${name} is paused, and not by this upgrade`,
    `Ask who paused it; when it may roll out again: oc rollout resume dc/${name}; then retry.`,
  );
}

export function missing(object: string): StepError {
  return new StepError(
    'NotFound',
    `${object} is not there`,
    `Restore ${object}, then retry; or skip the step if this installation rightly lacks it.`,
  );
}

/** The cluster shows that this upgrade has turned, ended, or was begun anew since: what history wants is late. */
export function superseded(what: string): StepError {
  return new StepError(
    'Superseded',
    what,
    'Look at the tenant with: threescale-upgrade check; then decide: revert, or abandon and start it again, which takes up what is there.',
  );
}

/** The window, or whatever else gave leave, may have ended: the workflow asks anew before it is tried again. */
export function tooLateToCross(): StepError {
  return new StepError(
    'TooLate',
    'the leave to cross the point of no return had ended before it could be crossed: nothing was sent',
    'It is asked for anew by itself; where the clocks of Temporal’s own hosts differ by minutes, set them right, then retry.',
  );
}

export function backupIsGone(): StepError {
  return new StepError(
    'NotFound',
    'the backup Secret of this upgrade is not there',
    'Restore it, then retry; where it cannot be restored, skip the step where that may be, or abandon, and put the objects right by hand.',
  );
}
