import { parting, titled, writing } from '../activities.ts';
import { readFailure } from './failure.ts';
import type { Upgrade } from './upgrade.ts';

/** The upgrade has ended as it is: the tenant is no more claimed. Where that cannot be written, it is told. */
export async function giveUpClaim(upgrade: Upgrade): Promise<void> {
  const { progress } = upgrade;
  try {
    await parting.endUpgrade.executeWithOptions(titled('Take the claim off', upgrade.input), [
      endOf(upgrade, false),
    ]);
    upgrade.claimed = false;
  } catch (error) {
    progress.leave(
      `the annotation threescale-upgrade/claim is left on the tenant: ${readFailure(error).failure.message}`,
    );
  }
}

/** After a revert that was verified: the claim and the backup go. */
export async function endReverted(upgrade: Upgrade): Promise<void> {
  await writing.endUpgrade.executeWithOptions(titled('Delete the backup', upgrade.input), [
    endOf(upgrade, true),
  ]);
  upgrade.claimed = false;
}

function endOf({ input: { tenant, retries, path }, backup }: Upgrade, reverted: boolean) {
  return { tenant, limits: retries, path: { from: path.from, to: path.to }, backup, reverted };
}
