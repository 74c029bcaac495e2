import type { ResolvedPath } from '../src/domain/step.ts';
import { createBackup, findBackupSecret } from './backup-secret.ts';
import { readBackup } from './backup.ts';
import { claimOf, makeClaim } from './claim.ts';
import type { Claimant } from './claim.ts';
import { Snapshot } from '../src/openshift/snapshot.ts';
import { findCrossing } from './crossing.ts';
import { isAtItsStart } from './at-its-start.ts';
import { isPausedByUs } from './marks.ts';
import { StepError } from './step-error.ts';
import { pausedByOthers } from './steps/pause-rollouts.ts';
import type { Work } from './step-module.ts';
import { findUnfinishedBackup, takeBackup } from './take-backup.ts';

/** The Secret that holds it, and whether it tells of more than this upgrade has seen. */
export interface BackupMade {
  readonly secret: string;
  /** An earlier upgrade of this tenant had made it, before its first change, and has not ended. */
  readonly adopted: boolean;
  /** The cluster shows that the point of no return is crossed: by this. */
  readonly crossed?: string;
}

/**
 * Creates the backup Secret once; one that is there is kept. A tenant that is not at its start has a backup already, of
 * an upgrade that was left or that Temporal has forgotten: that one is taken up. Then claims the tenant for the upgrade
 * whose backup it is. Throws `EditedByOthers`, before anything is made, where somebody has paused a rollout.
 */
export async function makeBackup(work: Work, path: ResolvedPath, claimant: Claimant): Promise<BackupMade> {
  const { api, mark } = work;
  const own = await findBackupSecret(api, claimant.backup);
  if (own) return claimed(work, path, claimant, { secret: own.metadata.name, adopted: false });
  const view = { ...work, api: new Snapshot(api) };
  if (!(await isAtItsStart(view, path))) {
    const anchor = await api.get('deploymentconfigs', claimant.anchor);
    const earlier = await findUnfinishedBackup(api, path, anchor);
    if (earlier) return claimed(work, path, claimant, { secret: earlier.metadata.name, adopted: true });
    const configs = await view.api.list('deploymentconfigs');
    if (configs.some((config) => isPausedByUs(config, mark))) throw stagedWithoutBackup();
  }
  const backup = await takeBackup(view.api, path, mark);
  // Paused since the check: the start would be told as paused, and whoever resumes it would be what differs from it.
  const paused = backup.deploymentconfigs.find(({ spec }) => spec.paused === true);
  if (paused) throw pausedByOthers(paused.metadata.name);
  await createBackup(api, claimant.backup, backup, path);
  await makeClaim(api, claimant, 'forward');
  return { secret: claimant.backup, adopted: false };
}

/** What stands staged is no start: its real one was in a Secret that somebody has deleted. */
function stagedWithoutBackup(): StepError {
  return new StepError(
    'NotFound',
    'an earlier upgrade has left it staged and paused, and the backup of its start is not there',
    'Restore the backup Secret; or put image tags, images and variables back by hand, then: oc rollout resume, and start again.',
  );
}

/** One that was forgotten goes on from where the cluster shows it; one that was left while it was reverted turns again. */
async function claimed(
  { api }: Work,
  path: ResolvedPath,
  claimant: Claimant,
  made: BackupMade,
): Promise<BackupMade> {
  const config = await api.get('deploymentconfigs', claimant.anchor);
  const claim = config && claimOf(config);
  const known = claim?.backup === made.secret ? claim.phase : undefined;
  const { why } = await findCrossing(api, path.steps, await readBackup(api, made.secret));
  const begins = why === undefined ? 'forward' : 'crossed';
  const isBegunAnew = known === 'reverting' && made.adopted;
  const phase = isBegunAnew ? begins : (known ?? begins);
  await makeClaim(api, { ...claimant, backup: made.secret }, phase);
  return why === undefined ? made : { ...made, crossed: why };
}
