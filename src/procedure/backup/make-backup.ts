import type { ResolvedPath } from '../../domain/tenant/step.ts';
import { createBackup, findBackupSecret, isOfHalfWay, readBackup } from './backup-secret.ts';
import { CLAIM, CLAIM_SAYS, claimOf, makeClaim } from '../claim/claim.ts';
import type { Claim, Claimant } from '../claim/claim.ts';
import { Snapshot } from '../../openshift/snapshot.ts';
import type { Secret } from '../../openshift/types.ts';
import { findCrossing } from '../claim/crossing.ts';
import { installationNow } from './at-its-start.ts';
import { carriesOurPause, isPausedByUs } from '../claim/marks.ts';
import { pausedByOthers, StepError } from '../step-error.ts';
import type { Work } from '../steps/step-module.ts';
import { findUnfinishedBackup, takeBackup } from './take-backup.ts';

/** The Secret that holds it, and whether it tells of more than this upgrade has seen. */
export interface BackupMade {
  readonly secret: string;
  /** An earlier upgrade of this tenant had made it, before its first change, and has not ended. */
  readonly adopted: boolean;
  /**
   * It is of a tenant that was half upgraded: nobody knows what was there before that. Absent: an earlier release made it,
   * which did not say.
   */
  readonly halfWay?: boolean;
  /** The cluster shows that the point of no return is crossed: by this. */
  readonly crossed?: string;
}

/**
 * Creates the backup Secret once; one that is there is kept. A tenant that is not at its start has a backup already, of
 * an upgrade that was left or that Temporal has forgotten: that one is taken up. Then claims the tenant for the upgrade
 * whose backup it is. Throws `EditedByOthers`, before anything is made, where somebody has paused a rollout; `NotFound`
 * where an earlier upgrade has got further than a backup could tell of that is made now, and its own is gone.
 */
export async function makeBackup(work: Work, path: ResolvedPath, claimant: Claimant): Promise<BackupMade> {
  const { api, mark } = work;
  const own = await findBackupSecret(api, claimant.backup);
  if (own) return claimed(work, path, claimant, { secret: own, adopted: false });
  const view = { ...work, api: new Snapshot(api) };
  const anchor = await view.api.get('deploymentconfigs', claimant.anchor);
  const claim = anchor && claimOf(anchor);
  const installation = await installationNow(view, path);
  const configs = await view.api.list('deploymentconfigs');
  const isAtItsStart = installation === 'from' && !configs.some((config) => carriesOurPause(config, mark));
  if (!isAtItsStart || claim) {
    const earlier = await findUnfinishedBackup(api, path, anchor);
    if (earlier) return claimed(work, path, claimant, { secret: earlier, adopted: true });
    if (claim && claim.phase !== 'forward') throw underWayWithoutBackup(claimant.anchor, claim);
    if (configs.some((config) => isPausedByUs(config, mark))) throw stagedWithoutBackup();
  }
  const backup = await takeBackup(view.api, path, mark);
  // Paused since the check: the start would be told as paused, and whoever resumes it would be what differs from it.
  const paused = backup.deploymentconfigs.find(({ spec }) => spec.paused === true);
  if (paused) throw pausedByOthers(paused.metadata.name);
  const halfWay = installation !== 'from';
  await createBackup(api, claimant.backup, backup, { ...path, halfWay });
  const made = { secret: claimant.backup, adopted: false, halfWay };
  // Upgraded since it was checked: nothing of it is paused once more.
  const isCrossed = installation === 'upgraded';
  await makeClaim(api, claimant, isCrossed ? 'crossed' : 'forward', claim ? undefined : anchor);
  return isCrossed ? { ...made, crossed: FOUND_UPGRADED } : made;
}

const FOUND_UPGRADED = 'all of it is of the new version already, and no backup of its start is there';

/** What stands staged is no start: its real one was in a Secret that somebody has deleted. */
function stagedWithoutBackup(): StepError {
  return new StepError(
    'NotFound',
    'an earlier upgrade has left it staged and paused, and the backup of its start is not there',
    'Restore the backup Secret; or put image tags, images and variables back by hand, then: oc rollout resume, and start again.',
  );
}

/** The claim says that more has become of it than a backup could tell of that is made now. */
function underWayWithoutBackup(anchor: string, { backup, phase }: Claim): StepError {
  const gone = `secret/${backup}, the backup of its start, is not there`;
  const takeOff = `take the claim off (oc annotate dc/${anchor} ${CLAIM}-) and start again`;
  if (phase === 'crossed') {
    return new StepError(
      'NotFound',
      `an earlier upgrade has crossed the point of no return (dc/${anchor}: ${CLAIM_SAYS}), and ${gone}`,
      `Restore the backup Secret, then retry; or see that its database is migrated, ${takeOff}: it is finished then, and is never taken back.`,
      { crossed: `dc/${anchor}: ${CLAIM_SAYS}` },
    );
  }
  const what = phase === 'reverting' ? 'is being reverted' : 'has begun to roll out the new version';
  return new StepError(
    'NotFound',
    `an earlier upgrade ${what}, as the claim of dc/${anchor} says, and ${gone}`,
    `Restore the backup Secret, then retry; or put right by hand what it had changed, ${takeOff}.`,
  );
}

/** One that was forgotten goes on from where the cluster shows it; one that was left while it was reverted turns again. */
async function claimed(
  { api }: Work,
  path: ResolvedPath,
  claimant: Claimant,
  { secret, adopted }: { readonly secret: Secret; readonly adopted: boolean },
): Promise<BackupMade> {
  const backup = secret.metadata.name;
  const config = await api.get('deploymentconfigs', claimant.anchor);
  const claim = config && claimOf(config);
  const known = claim?.backup === backup ? claim.phase : undefined;
  const { why } = await findCrossing(api, path.steps, await readBackup(api, backup));
  const begins = why === undefined ? 'forward' : 'crossed';
  const isBegunAnew = known === 'reverting' && adopted;
  const phase = isBegunAnew ? begins : (known ?? begins);
  await makeClaim(api, { ...claimant, backup }, phase);
  const halfWay = isOfHalfWay(secret);
  return {
    secret: backup,
    adopted,
    ...(halfWay === undefined ? {} : { halfWay }),
    ...(why === undefined ? {} : { crossed: why }),
  };
}
