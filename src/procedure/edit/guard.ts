import { isDeepStrictEqual } from 'node:util';
import type { DeploymentConfig } from '../../openshift/types.ts';
import { isPausedByUs } from '../claim/marks.ts';
import { editedByOthers, StepError } from '../step-error.ts';

/** What a step is about to overwrite must be what was backed up: throws `EditedByOthers` where it is not. */
export function refuseEdited(
  current: unknown,
  before: unknown,
  { object, what }: { readonly object: string; readonly what: string },
): void {
  if (!isDeepStrictEqual(current, before)) throw editedByOthers(object, what);
}

/** What is staged must not roll before the point of no return: throws `EditedByOthers` where somebody has resumed it. */
export function refuseResumed(
  config: DeploymentConfig,
  { mark, mayRoll }: { readonly mark: string; readonly mayRoll?: boolean },
): void {
  if (!mayRoll && !isPausedByUs(config, mark)) throw resumedByOthers(config.metadata.name);
}

/** What is staged stands paused no more, and the upgrade has not un-paused it. */
export class ResumedByOthers extends StepError {}

export function resumedByOthers(name: string, crossed?: string): ResumedByOthers {
  return new ResumedByOthers(
    'EditedByOthers',
    `dc/${name} is not paused any more: somebody has resumed it while the upgrade was staged` +
      (crossed === undefined ? '' : `, and ${crossed}`),
    'Find out who or what resumes it (a GitOps controller heals itself) and stop that; then revert, or skip-step to go on with what rolls.',
    crossed === undefined ? {} : { crossed },
  );
}
