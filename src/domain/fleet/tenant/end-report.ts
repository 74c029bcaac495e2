import { measure } from '../../text/measure.ts';
import { isFound } from '../../tenant/not-looked.ts';
import type { FinalState, StepFailure, TenantProgress } from '../../tenant/progress.ts';
import type { ResolvedPath } from '../../tenant/step.ts';
import type { TenantReport } from './entry.ts';

/** The last word of a tenant's run to its fleet: what became of it, and what others may learn from it. */
export function endReport(progress: TenantProgress, state: FinalState, path: ResolvedPath): TenantReport {
  const failure = state === 'upgraded' ? undefined : whyNot(progress);
  const measured = measure(progress, path);
  return {
    kind: 'ended',
    state,
    backedUp: progress.backupSecret !== undefined,
    ...(state === 'aborted' && isUntouched(progress) ? { untouched: true } : {}),
    ...(progress.windowClosed && state === 'reverted' ? { windowClosed: true } : {}),
    ...(failure ? { failure } : {}),
    ...(measured ? { measured } : {}),
  };
}

/** It is as it was before this run, and nobody has left anything of an upgrade there, as far as it was looked at. */
function isUntouched({ pastPointOfNoReturn, leftovers }: TenantProgress): boolean {
  return !pastPointOfNoReturn && !leftovers.some(isFound);
}

/** What has turned it back, the step that failed, the finding that blocked it, or why it was taken back. */
function whyNot({ revertedFor, findings, steps, journal }: TenantProgress): StepFailure | undefined {
  const failed = revertedFor ?? steps.find(({ failure }) => failure !== undefined)?.failure;
  if (failed) return failed;
  const fatal = findings.find(({ severity }) => severity === 'fatal');
  if (fatal) return { type: fatal.check, message: fatal.message, hint: fatal.hint };
  const reverting = journal.findLast(({ event }) => event === 'reverting');
  return reverting?.detail === undefined ? undefined : { type: 'Reverted', message: reverting.detail };
}
