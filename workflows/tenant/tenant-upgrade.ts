import {
  allHandlersFinished,
  CancellationScope,
  condition,
  patched,
  upsertMemo,
  workflowInfo,
} from '@temporalio/workflow';
import { backupSecretName } from '../../src/domain/tenant/backup-name.ts';
import { endReport } from '../../src/domain/fleet/tenant/end-report.ts';
import { leftAsTheyRun } from '../../src/domain/paths/choices.ts';
import type { FinalState, TenantProgress } from '../../src/domain/tenant/progress.ts';
import type { TenantUpgradeInput } from '../../src/domain/tenant/tenant-upgrade.ts';
import { tenantKeyOf, tenantName } from '../../src/domain/tenant/tenant.ts';
import { revert } from './compensations.ts';
import { Control } from './control.ts';
import { FleetPermit, reportPauses } from '../fleet/permit.ts';
import { takeSteps } from './forward.ts';
import { known } from '../known-actor.ts';
import { Gate } from './gate.ts';
import { pausedNow } from './hold.ts';
import { noteWhatHasRun } from './begin-revert.ts';
import { giveUpClaim } from './claim.ts';
import { keeping, keptBy } from '../keep-report.ts';
import { EVIDENCE, FEWER_EVENTS, KEEPS_REPORTS } from '../patches.ts';
import { backUp, check, prepareToTakeBack } from './preparation.ts';
import { TenantTelling } from './notify.ts';
import { ProgressKeeper } from './progress.ts';
import type { Ending, Upgrade } from './upgrade.ts';
import { stepsOf } from '../../src/domain/tenant/step.ts';

/**
 * Upgrades one tenant along its path, or takes everything back. Always ends with where the tenant stands: whatever
 * goes wrong is held for an operator, never thrown. Cancelling the workflow from outside is an abort.
 */
export async function tenantUpgrade(input: TenantUpgradeInput): Promise<TenantProgress> {
  const upgrade = setup({ ...input, startedBy: known(input.startedBy) });
  return CancellationScope.nonCancellable(() => run(upgrade));
}

function setup(input: TenantUpgradeInput): Upgrade {
  const { tenant, windows, fleet, onClose = 'finish-step', takeBack, backupOf, notify = [] } = input;
  upsertMemo({ tenant: tenantName(tenant) });
  const progress = new ProgressKeeper(input);
  const control = new Control(progress);
  const permit = fleet ? new FleetPermit(fleet, tenantKeyOf(tenant)) : undefined;
  const gate = new Gate({ windows, onClose, permit }, control, progress);
  control.listen();
  permit?.listen((estimate) => {
    gate.estimate(estimate);
  });
  const telling = notify.length > 0 ? new TenantTelling(notify, progress) : undefined;
  telling?.listen();
  return {
    input,
    progress,
    control,
    gate,
    permit,
    telling,
    compensations: [],
    backup: takeBack?.backup ?? backupSecretName(backupOf ?? workflowInfo().firstExecutionRunId),
    backedUp: takeBack !== undefined,
    foundHalfWay: false,
    claimed: false,
    fewerEvents: patched(FEWER_EVENTS),
    notCompared: false,
    unsureUntilMs: 0,
    mayChangeLate: false,
    rolled: new Set(),
    unreachableTries: 0,
  };
}

async function run(upgrade: Upgrade): Promise<TenantProgress> {
  if (upgrade.permit) void reportPauses(upgrade, upgrade.permit);
  const state = await untilEnded(upgrade);
  const progress = await conclude(upgrade, state);
  await upgrade.permit?.report(endReport(progress, state, upgrade.input.path));
  return progress;
}

async function untilEnded(upgrade: Upgrade): Promise<FinalState> {
  let ending = await (upgrade.input.takeBack ? prepareToTakeBack(upgrade) : upgradeForward(upgrade));
  for (;;) {
    if (typeof ending === 'string') return ending;
    const end = await revert(upgrade, ending);
    if (end !== 'goes-on') return end;
    upgrade.progress.note({ windowClosed: false });
    ending = (await takeSteps(upgrade)) ?? 'upgraded';
  }
}

async function upgradeForward(upgrade: Upgrade): Promise<Ending> {
  return (await check(upgrade)) ?? (await backUp(upgrade)) ?? (await takeSteps(upgrade)) ?? 'upgraded';
}

/** What an upgrade has not brought to the new version: it was not there, or was left, as chosen. */
function notOnNewVersion({ input, progress }: Upgrade): string[] {
  const isAbsent = (name: string): boolean => progress.status(`roll-out-${name}`) === 'absent';
  const { steps } = input.path;
  const absent = stepsOf(steps, 'roll-out')
    .map(({ deploymentConfig }) => deploymentConfig)
    .filter(isAbsent);
  const left = leftAsTheyRun(steps).filter((name) => !isAbsent(name));
  return [
    ...left.map((name) => `dc/${name} goes on running what it ran before, as chosen`),
    ...absent.map((name) => `dc/${name} was not there, and is not upgraded`),
  ];
}

async function conclude(upgrade: Upgrade, state: FinalState): Promise<TenantProgress> {
  const { control, progress } = upgrade;
  control.concludes();
  const { backupSecret, steps } = progress.current;
  const incomplete =
    upgrade.notCompared || steps.some(({ status }) => status === 'skipped' || status === 'not-reverted');
  if (state === 'abandoned') await noteWhatHasRun(upgrade);
  if (state === 'upgraded') for (const line of notOnNewVersion(upgrade)) progress.leave(line);
  if (state === 'abandoned' || incomplete) {
    const told = progress.current.leftovers.join('\n');
    for (const name of await pausedNow(upgrade)) {
      if (told.includes(`dc/${name} is left paused`)) continue;
      progress.leave(`dc/${name} is left paused: nothing of it rolls out until its rollouts are resumed`);
    }
  }
  if (upgrade.claimed && (upgrade.fewerEvents || patched(EVIDENCE))) await giveUpClaim(upgrade);
  // Where it is upgraded it stays on purpose; what could not be undone, or was left, may want it.
  const isTold = progress.current.leftovers.some((line) => line.includes(upgrade.backup));
  if (backupSecret && state !== 'upgraded' && !isTold)
    progress.leave(`secret/${upgrade.backup} keeps the backup`);
  const ending = progress.concludes(state);
  await upgrade.telling?.ended(state);
  if (upgrade.fewerEvents || patched(KEEPS_REPORTS))
    progress.note({ reportKept: await keptBy(() => keeping.keepTenantReport()) });
  progress.concluded(ending);
  await condition(allHandlersFinished);
  return progress.current;
}
