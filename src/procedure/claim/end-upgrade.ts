import type { TenantApi } from '../../openshift/tenant-api.ts';
import type { DeploymentConfig } from '../../openshift/types.ts';
import { deleteBackupSecret, findBackupSecret } from '../backup/backup-secret.ts';
import type { Claimant } from './claim.ts';
import { claimOf, removeClaim } from './claim.ts';
import { edit } from '../edit/edit.ts';
import type { Done } from '../steps/step-module.ts';
import { DONE, UNCHANGED } from '../steps/step-module.ts';

/**
 * Takes the claim off, and after a revert that was verified deletes the backup: what is gone already is gone. `looked`: what
 * carries the claim, as it was seen a moment ago.
 */
export async function endUpgrade(
  api: TenantApi,
  { anchor, backup }: Claimant,
  {
    reverted = false,
    looked,
  }: { readonly reverted?: boolean; readonly looked?: DeploymentConfig | undefined },
): Promise<Done> {
  const seen = looked ?? (await api.get('deploymentconfigs', anchor));
  // By another name only a backup of an earlier release is found.
  const isNamed = seen !== undefined && claimOf(seen)?.backup === backup;
  const secret = isNamed && !reverted ? undefined : await findBackupSecret(api, backup);
  const { status } = await edit(api, 'deploymentconfigs', seen ?? anchor, (config) => {
    const claim = claimOf(config);
    return claim?.backup === (secret?.metadata.name ?? backup) ? removeClaim(config) : [];
  });
  if (secret && reverted) await deleteBackupSecret(api, secret);
  return status === 'done' || (secret && reverted) ? DONE : UNCHANGED;
}
