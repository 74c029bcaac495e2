import type { FailureType } from './contract.ts';

/** What a step found wrong by itself: `message` says what and where, `hint` what to do. Neither holds a value. */
export class StepError extends Error {
  readonly type: FailureType;
  readonly hint: string;

  constructor(type: FailureType, message: string, hint: string) {
    super(message);
    this.name = 'StepError';
    this.type = type;
    this.hint = hint;
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

export function missing(object: string): StepError {
  return new StepError(
    'NotFound',
    `${object} is not there`,
    `Restore ${object}, then retry; or skip the step if this installation rightly lacks it.`,
  );
}
