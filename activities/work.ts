import { anchorOf } from '../src/domain/paths/index.ts';
import type { TenantApi } from '../src/openshift/tenant-api.ts';
import type { Secret } from '../src/openshift/types.ts';
import { findBackupSecret, nameOfUpgrade, readBackupSecret } from '../src/procedure/backup/backup-secret.ts';
import type { Backup } from '../src/procedure/backup/backup.ts';
import type { Attempt } from './boundary.ts';
import { claimOf, keepClaim, TakenOver } from '../src/procedure/claim/claim.ts';
import type { PathIdentity } from '../src/domain/tenant/outcome.ts';
import type { Leases } from '../src/procedure/claim/fence.ts';
import { Fence, FenceUntil, Lease } from '../src/procedure/claim/fence.ts';
import type { Recent } from './recent.ts';
import { backupIsGone, tooLateToCross } from '../src/procedure/step-error.ts';
import type { Work } from '../src/procedure/steps/step-module.ts';

/**
 * What an attempt means to write: nothing (`looking`), the claim itself (`claiming`, or `ending`: it is taken off), or what only
 * an upgrade that goes on, or is being reverted, may write.
 */
export type Purpose = 'looking' | 'claiming' | 'ending' | 'forward' | 'reverting';

export interface WorkRequest {
  readonly api: TenantApi;
  readonly attempt: Attempt;
  readonly path: PathIdentity;
  /** Name of the backup Secret; undefined: nothing was backed up. */
  readonly backup: string | undefined;
  readonly purpose: Purpose;
  readonly mark: string;
  /** From when on the point of no return may not be crossed any more, by Temporal's clock; undefined: nobody has said. */
  readonly crossBefore?: number | undefined;
  /** False: nothing of a log is told. */
  readonly logs?: boolean | undefined;
  /** Of all attempts of this worker. */
  readonly leases: Leases;
  readonly rollouts?: Work['rollouts'];
  /** Backups that this worker has read a moment ago; absent: it is read anew. */
  readonly backups?: Recent<Backup> | undefined;
}

/** What the others of this run had looked at is as old. */
const isTakenOver = (error: unknown): boolean => error instanceof TakenOver;

export interface OpenedWork {
  readonly work: Work;
  /** Something was let through the fence: it may have been sent. */
  readonly hasWritten: () => boolean;
}

/** One attempt's work on a tenant: every write of it stands behind the fence. */
export function openWork(request: WorkRequest): OpenedWork {
  const { api, attempt, path, backup: name, purpose, mark, leases, crossBefore, backups } = request;
  let secret: Promise<Secret | undefined> | undefined;
  let read: Promise<Backup | undefined> | undefined;
  const findSecret = (): Promise<Secret | undefined> =>
    (secret ??= name === undefined ? Promise.resolve(undefined) : findBackupSecret(api, name));
  const readAnew = async (): Promise<Backup | undefined> => {
    const found = await findSecret();
    return found && readBackupSecret(api, found);
  };
  const seeClaim = async (as: 'forward' | 'reverting'): Promise<void> => {
    const claimant = { anchor: anchorOf(path), run: attempt.runId };
    const found = await api.get('deploymentconfigs', claimant.anchor);
    if (name !== undefined && found && claimOf(found)?.backup === name)
      return keepClaim(whileCurrent, { ...claimant, backup: name }, { as, seen: found });
    const kept = await findSecret();
    if (!kept) throw backupIsGone();
    const backup = nameOfUpgrade(kept);
    // A backup of an earlier release: its upgrade made no claim.
    if (backup !== undefined) await keepClaim(whileCurrent, { ...claimant, backup }, { as, seen: found });
  };
  const seeCurrent = async (): Promise<Lease> => {
    const current = new Lease();
    await attempt.stillCurrent();
    return current;
  };
  // The claim itself is taken over only by an attempt that is current: whose it is it cannot ask.
  const whileCurrent = api.fencedBy(new Fence(async () => [await seeCurrent()]));
  const fence = new Fence(async () => {
    const current = await seeCurrent();
    if (purpose === 'looking') throw new Error('what only looks writes nothing');
    if (purpose === 'claiming' || purpose === 'ending') return [current];
    const key = [mark, attempt.runId, purpose].join(' ');
    return [current, await leases.see(key, () => seeClaim(purpose), isTakenOver)];
  }, attempt.unguardedLost);
  return {
    work: {
      api: api.fencedBy(fence),
      ...(crossBefore === undefined
        ? {}
        : {
            crossingApi: api.fencedBy(
              new FenceUntil(fence, crossBefore, tooLateToCross, attempt.temporalNow),
            ),
          }),
      path,
      mark,
      logs: request.logs,
      ...(attempt.rolls ? { rolls: attempt.rolls } : {}),
      ...(request.rollouts ? { rollouts: request.rollouts } : {}),
      backup: () => (read ??= backups ? backups.see([mark, name].join(' '), readAnew) : readAnew()),
    },
    hasWritten: () => fence.wasPassed,
  };
}
