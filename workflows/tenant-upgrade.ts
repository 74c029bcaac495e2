import {
  allHandlersFinished,
  CancellationScope,
  condition,
  upsertMemo,
  workflowInfo,
} from '@temporalio/workflow';
import { backupSecretName } from '../src/domain/backup-name.ts';
import type { PreflightReport } from '../src/domain/finding.ts';
import { isBlocked } from '../src/domain/finding.ts';
import type { FinalState, TenantProgress } from '../src/domain/progress.ts';
import type { TenantUpgradeInput } from '../src/domain/tenant-upgrade.ts';
import { tenantName } from '../src/domain/tenant.ts';
import { looking, titled, writing } from './activities.ts';
import { revert } from './compensations.ts';
import { Control } from './control.ts';
import { readFailure } from './failure.ts';
import { takeSteps } from './forward.ts';
import { Gate } from './gate.ts';
import { pausedNow, untilDecided } from './hold.ts';
import { ProgressKeeper } from './progress.ts';
import type { Ending, Upgrade } from './upgrade.ts';

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
  const state = ending === 'revert' ? await revert(upgrade) : ending;
  return conclude(upgrade, state);
}

/** Read only: all findings together; a fatal one blocks the tenant, and nothing was touched. */
async function check(upgrade: Upgrade): Promise<Ending | undefined> {
  const { control, input, progress } = upgrade;
  const refused = await passGate(upgrade);
  if (refused) return refused;
  progress.enter('checking');
  let report: PreflightReport | undefined;
  const answer = await untilDecided(
    upgrade,
    { stepId: 'check', during: 'checking', skippable: false },
    async () => {
      try {
        report = await control.interruptibly(() =>
          looking.checkTenant.executeWithOptions(titled('Check that the tenant can be upgraded'), [
            { tenant: input.tenant, limits: input.retries, path: input.path },
          ]),
        );
      } catch (error) {
        if (control.abort || input.onFailure === 'hold') throw error;
        report = couldNotCheck(error);
      }
    },
  );
  if (control.abort || answer === 'abort') return 'aborted';
  if (!report) return 'abandoned';
  progress.note({ findings: report.findings });
  if (isBlocked(report)) return 'blocked';
  if (report.installation === 'upgraded') nothingToDo(upgrade);
  return undefined;
}

function couldNotCheck(error: unknown): PreflightReport {
  const { message, hint } = readFailure(error).failure;
  const finding = {
    check: 'can-be-checked',
    severity: 'fatal',
    message,
    hint: hint ?? 'Start it again.',
  } as const;
  return { installation: 'unknown', findings: [finding], alreadyDone: [] };
}

/** Found upgraded: only the closing verification is left, and there is nothing that a revert could restore. */
function nothingToDo({ input, progress }: Upgrade): void {
  progress.note({ pastPointOfNoReturn: true });
  for (const step of input.path.steps) {
    if (step.kind !== 'verify-upgraded') progress.settled(step, 'unchanged', 'found upgraded');
  }
}

/** One Secret in the tenant's namespace, before the first change. */
async function backUp(upgrade: Upgrade): Promise<Ending | undefined> {
  const { backup, control, input, progress } = upgrade;
  if (progress.current.pastPointOfNoReturn) return undefined;
  const refused = await passGate(upgrade);
  if (refused) return refused;
  progress.enter('backing-up');
  upgrade.backedUp = true;
  let failedByPolicy = false;
  const answer = await untilDecided(
    upgrade,
    { stepId: 'back-up', during: 'upgrade', skippable: false },
    async () => {
      try {
        const { runId } = workflowInfo();
        await control.interruptibly(() =>
          writing.backUpTenant.executeWithOptions(titled(`Back up to secret/${backup}`), [
            { tenant: input.tenant, limits: input.retries, path: input.path, runId },
          ]),
        );
        progress.note({ backupSecret: backup });
      } catch (error) {
        if (control.abort || input.onFailure === 'hold') throw error;
        failedByPolicy = true;
        progress.leave(
          `nothing was changed: the backup could not be made: ${readFailure(error).failure.message}`,
        );
      }
    },
  );
  if (answer === 'abandon') return 'abandoned';
  return answer === 'done' && !failedByPolicy && !control.abort ? undefined : 'revert';
}

/** The gate while nothing is touched yet: an abort just ends it, and windows that never open block it. */
async function passGate({ control, gate, progress }: Upgrade): Promise<'aborted' | 'blocked' | undefined> {
  const answer = await gate.pass({ neededMs: 0, stop: () => control.abort !== undefined });
  switch (answer.status) {
    case 'open':
      return undefined;
    case 'stopped':
      return 'aborted';
    case 'failed': {
      const { message, hint } = answer.failure;
      const hinted = { message, hint: hint ?? 'Start it again with other windows.' };
      progress.note({
        findings: [...progress.current.findings, { check: 'window-opens', severity: 'fatal', ...hinted }],
      });
      return 'blocked';
    }
  }
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
