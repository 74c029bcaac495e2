import type { ResolvedPath } from '../src/domain/step.ts';
import { Snapshot } from '../src/openshift/snapshot.ts';
import { findBackupSecret, nameOfUpgrade } from './backup-secret.ts';
import type { RevertBegin } from './contract.ts';
import type { Claimant } from './claim.ts';
import { claimOf, makeClaim } from './claim.ts';
import { findCrossing } from './crossing.ts';
import { isAtItsStart } from './at-its-start.ts';
import { backupIsGone } from './step-error.ts';
import type { Work } from './step-module.ts';

/**
 * Before anything is taken back: looks whether the point of no return is crossed, whatever history says, and turns the
 * claim, so that what was under way for the way there writes nothing any more. Run again, it changes nothing.
 */
export async function beginRevert(
  work: Work,
  path: ResolvedPath,
  { claimant, crossingIsKnown }: { readonly claimant: Claimant; readonly crossingIsKnown: boolean },
): Promise<RevertBegin> {
  const { api } = work;
  const secret = await findBackupSecret(api, claimant.backup);
  if (!secret) {
    if (await isAtItsStart({ ...work, api: new Snapshot(api) }, path)) return { status: 'nothing-to-undo' };
    throw backupIsGone();
  }
  if (!crossingIsKnown) {
    const { why } = await findCrossing(api, path.steps, await work.backup());
    if (why !== undefined) return { status: 'crossed', why };
  }
  if (nameOfUpgrade(secret) === undefined) return { status: 'begun' };
  const anchor = await api.get('deploymentconfigs', claimant.anchor);
  const claim = anchor && claimOf(anchor);
  if (claim?.backup === claimant.backup && claim.run === claimant.run && claim.phase === 'reverting')
    return { status: 'begun' };
  await makeClaim(api, { ...claimant, backup: secret.metadata.name }, 'reverting');
  return { status: 'begun' };
}
