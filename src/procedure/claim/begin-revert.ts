import type { ResolvedPath } from '../../domain/tenant/step.ts';
import { Snapshot } from '../../openshift/snapshot.ts';
import type { TenantReader } from '../../openshift/tenant-api.ts';
import { findBackupSecret, nameOfUpgrade } from '../backup/backup-secret.ts';
import type { RevertBegin } from '../../domain/tenant/outcome.ts';
import type { Claimant } from './claim.ts';
import { CLAIM_SAYS, claimOf, turnClaim } from './claim.ts';
import { findCrossing } from './crossing.ts';
import { isAtItsStart, isUntouched } from '../backup/at-its-start.ts';
import { leftHalfDone } from './left-half-done.ts';
import { backupIsGone } from '../step-error.ts';
import type { Work } from '../steps/step-module.ts';
import { hasRun } from '../steps/run-in-pod.ts';
import { stepsOf } from '../../domain/tenant/step.ts';

/**
 * Before anything is taken back: looks whether the point of no return is crossed, whatever history says, and turns the
 * claim, so that what was under way for the way there writes nothing any more. Run again, it changes nothing.
 */
export async function beginRevert(
  work: Work,
  path: ResolvedPath,
  {
    claimant,
    crossingIsKnown,
    begun,
  }: {
    readonly claimant: Claimant;
    readonly crossingIsKnown: boolean;
    /** History knows of a step that this upgrade has begun. */
    readonly begun: boolean;
  },
): Promise<RevertBegin> {
  const { api } = work;
  const anchor = await api.get('deploymentconfigs', claimant.anchor);
  const claim = anchor && claimOf(anchor);
  const secret = await findBackupSecret(api, claimant.backup);
  if (!secret) {
    const wroteNothing = !begun && claim?.backup !== claimant.backup;
    if (wroteNothing || (await isAtItsStart({ ...work, api: new Snapshot(api) }, path))) {
      const { lines: left } = await leftHalfDone(work, path);
      return { status: 'nothing-to-undo', left };
    }
    throw backupIsGone();
  }
  if (!crossingIsKnown) {
    const { why } = await findCrossing(api, path.steps, await work.backup());
    if (why !== undefined) return { status: 'crossed', why };
  }
  // What history has begun is taken back in any case.
  const untouched = !begun && (await isUntouched({ ...work, api: new Snapshot(api) }, path));
  const ran = await commandsRun(api, path);
  if (nameOfUpgrade(secret) === undefined) return { status: 'begun', untouched, ran };
  const hasTurned = await turnClaim(api, { ...claimant, backup: secret.metadata.name }, crossingIsKnown);
  if (!hasTurned) return { status: 'crossed', why: `dc/${claimant.anchor}: ${CLAIM_SAYS}` };
  return { status: 'begun', untouched, ran };
}

/** What says so goes with the Secret that is about to be deleted. */
async function commandsRun(api: TenantReader, { steps }: ResolvedPath): Promise<string[]> {
  const commands = stepsOf(steps, 'run-in-pod');
  const ran = await Promise.all(
    commands.map(async (step) => hasRun(await api.get('secrets', step.argumentsFrom), step)),
  );
  return commands.filter((_, index) => ran[index]).map(({ id }) => id);
}
