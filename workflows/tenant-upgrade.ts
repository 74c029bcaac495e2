import {
  allHandlersFinished,
  CancellationScope,
  condition,
  upsertMemo,
  workflowInfo,
} from '@temporalio/workflow';
import { backupSecretName } from '../src/domain/backup-name.ts';
import type { FinalState, TenantProgress } from '../src/domain/progress.ts';
import type { TenantUpgradeInput } from '../src/domain/tenant-upgrade.ts';
import { tenantName } from '../src/domain/tenant.ts';
import { revert } from './compensations.ts';
import { Control } from './control.ts';
import { takeSteps } from './forward.ts';
import { Gate } from './gate.ts';
import { pausedNow } from './hold.ts';
import { backUp, check } from './preparation.ts';
import { ProgressKeeper } from './progress.ts';
import type { Upgrade } from './upgrade.ts';

/**
 * Upgrades one tenant along its path, or takes everything back. Always ends with where the tenant stands: whatever
 * goes wrong is held for an operator, never thrown. Cancelling the workflow from outside is an abort.
 */
export async function tenantUpgrade(input: TenantUpgradeInput): Promise<TenantProgress> {
  const upgrade = setup(input);
  return CancellationScope.nonCancellable(() => run(upgrade));
}

function setup(input: TenantUpgradeInput): Upgrade {
  upsertMemo({ tenant: tenantName(input.tenant) });
  const progress = new ProgressKeeper(input);
  const control = new Control(progress);
  control.listen();
  return {
    input,
    progress,
    control,
    gate: new Gate(input.windows, control, progress),
    compensations: [],
    backup: backupSecretName(workflowInfo().runId),
    backedUp: false,
  };
}

async function run(upgrade: Upgrade): Promise<TenantProgress> {
  const ending =
    (await check(upgrade)) ?? (await backUp(upgrade)) ?? (await takeSteps(upgrade)) ?? 'upgraded';
  const state = typeof ending === 'string' ? ending : await revert(upgrade, ending);
  return conclude(upgrade, state);
}

async function conclude(upgrade: Upgrade, state: FinalState): Promise<TenantProgress> {
  const { backup, progress } = upgrade;
  const { backupSecret, steps } = progress.current;
  const incomplete = steps.some(({ status }) => status === 'skipped' || status === 'not-reverted');
  if (state === 'abandoned' || incomplete) {
    for (const name of await pausedNow(upgrade)) {
      progress.leave(`dc/${name} is left paused: nothing of it rolls out until its rollouts are resumed`);
    }
  }
  if (state === 'abandoned' && backupSecret) progress.leave(`secret/${backup} keeps the backup`);
  progress.concluded(state);
  await condition(allHandlersFinished);
  return progress.current;
}
