import { patched, workflowInfo } from '@temporalio/workflow';
import type { LeftByAnother } from '../../src/domain/tenant/outcome.ts';
import type { CheckName, Finding, PreflightReport } from '../../src/domain/tenant/finding.ts';
import { isBlocked } from '../../src/domain/tenant/finding.ts';
import type { StepFailure } from '../../src/domain/tenant/progress.ts';
import { notLooked } from '../../src/domain/tenant/not-looked.ts';
import { looking, peeking, titled, writing } from '../activities.ts';
import { noteCrossing } from './begin-revert.ts';
import { readFailure } from './failure.ts';
import { untilDecided } from './hold.ts';
import { EVIDENCE, HALF_WAY_TOLD, LEFT_TOLD } from '../patches.ts';
import { noteLost, noteUnsure } from './unsure.ts';
import type { Ending, Upgrade } from './upgrade.ts';
import { isOfKind } from '../../src/domain/tenant/step.ts';

/** Read only: all findings together. A fatal one blocks the tenant, and nothing was touched. */
export async function check(upgrade: Upgrade): Promise<Ending | undefined> {
  const { control, input, progress } = upgrade;
  const refused = await passGate(upgrade);
  if (refused) return refused;
  progress.enter('checking');
  const tried = await untilDecided(upgrade, { stepId: 'check', during: 'checking', skippable: false }, () =>
    control.interruptibly(() =>
      looking.checkTenant.executeWithOptions(titled('Check that the tenant can be upgraded', input), [
        { tenant: input.tenant, limits: input.retries, path: input.path },
      ]),
    ),
  );
  if (control.abort) return abortedEarly(upgrade);
  if (tried.answer === 'abandon') return 'abandoned';
  if (tried.answer !== 'done') return block(upgrade, 'can-be-checked', tried.failure);
  const report = tried.value;
  progress.note({ findings: report.findings });
  if (isBlocked(report)) {
    for (const left of report.left ?? []) progress.leave(left);
    return 'blocked';
  }
  if (report.installation === 'upgraded') nothingToDo(upgrade, report);
  if (report.installation === 'half-upgraded') upgrade.foundHalfWay = input.backupOf === undefined;
  return undefined;
}

const isClosingVerification = isOfKind('verify-upgraded');

/** Found upgraded: only the closing verification is left, and nothing that this run could revert. */
function nothingToDo(
  upgrade: Upgrade,
  { backup: backupSecret, claimed = false, bornAsSuch = false }: PreflightReport,
): void {
  const { input, progress } = upgrade;
  // Of an upgrade that ended before it could take it off.
  if (claimed && backupSecret !== undefined) Object.assign(upgrade, { backup: backupSecret, claimed });
  progress.note({ pastPointOfNoReturn: true, ...(backupSecret === undefined ? {} : { backupSecret }) });
  for (const step of input.path.steps) {
    if (bornAsSuch || !isClosingVerification(step))
      progress.settled(step, 'unchanged', bornAsSuch ? `installed as ${input.path.to}` : 'found upgraded');
  }
}

/**
 * An upgrade that has ended is taken back as a whole, from the backup that it left: every step may have left something
 * behind, and each compensation looks for itself.
 */
export async function prepareToTakeBack(upgrade: Upgrade): Promise<Ending> {
  const { backup, compensations, control, input, progress } = upgrade;
  const tried = await untilDecided(upgrade, { stepId: 'check', during: 'checking', skippable: false }, () =>
    control.interruptibly(() =>
      looking.findBackup.executeWithOptions(titled(`Look for secret/${backup}`, input), [
        { tenant: input.tenant, limits: input.retries, path: input.path, backup },
      ]),
    ),
  );
  if (control.abort) return abortedBeforeTakingBack(upgrade);
  if (tried.answer === 'abandon') return 'abandoned';
  if (tried.answer !== 'done') return block(upgrade, 'backup-present', tried.failure);
  upgrade.backup = tried.value?.secret ?? backup;
  progress.note({ backupSecret: upgrade.backup, pastPointOfNoReturn: true });
  compensations.push(...input.path.steps);
  return { revertBecause: `${input.startedBy.by} asked to take it back: ${input.startedBy.why}` };
}

/** One Secret in the tenant's namespace, before the first change. */
export async function backUp(upgrade: Upgrade): Promise<Ending | undefined> {
  const { backup, control, input, progress } = upgrade;
  if (progress.current.pastPointOfNoReturn) return undefined;
  const refused = await passGate(upgrade);
  if (refused) return refused;
  progress.enter('backing-up');
  upgrade.backedUp = true;
  const runId = input.backupOf ?? workflowInfo().firstExecutionRunId;
  const tried = await untilDecided(upgrade, { stepId: 'back-up', during: 'upgrade', skippable: false }, () =>
    control.interruptibly(() =>
      noticingCrossing(upgrade, () =>
        writing.backUpTenant.executeWithOptions(titled(`Back up to secret/${backup}`, input), [
          { tenant: input.tenant, limits: input.retries, path: input.path, runId },
        ]),
      ),
    ),
  );
  if (tried.answer === 'abandon') {
    progress.leave(`secret/${backup} may be there: the backup, which was not finished`);
    upgrade.claimed = true;
    return 'abandoned';
  }
  if (tried.answer !== 'done') {
    noteUnsure(upgrade, tried.unsure);
    const { failure } = tried;
    return { revertBecause: `the backup was not made, and no step begun: ${failure.message}`, failure };
  }
  noteLost(upgrade, tried.value);
  const { secret, adopted = false, halfWay, crossed } = tried.value;
  upgrade.backup = secret;
  upgrade.claimed = true;
  if (adopted) upgrade.foundHalfWay = false;
  const isTold = halfWay !== undefined && halfWay !== upgrade.foundHalfWay;
  if (isTold && patched(HALF_WAY_TOLD)) upgrade.foundHalfWay = halfWay;
  if (adopted || (input.backupOf !== undefined && patched(EVIDENCE))) undoesEverything(upgrade);
  progress.note({ backupSecret: secret });
  if (crossed !== undefined) noteCrossing(upgrade, crossed);
  return undefined;
}

/** What fails as the cluster shows a crossing is no more reverted by itself. */
async function noticingCrossing<T>(upgrade: Upgrade, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { crossed } = readFailure(error);
    if (crossed !== undefined) noteCrossing(upgrade, crossed);
    throw error;
  }
}

/**
 * The backup is older than this upgrade: what an earlier one had done is undone with it. Each looks for itself. What comes
 * last it had begun only where it had crossed, which is found in the cluster.
 */
function undoesEverything({ compensations, input }: Upgrade): void {
  compensations.push(...input.path.steps.filter(({ phase }) => phase !== 'finish'));
}

/**
 * Aborted while history knows of nothing that was touched. An earlier execution may have begun it, which history has
 * forgotten: then there is a backup of its name, and all is undone. What another upgrade has left, or this one of which it
 * had taken up the backup, stays and is told; where the cluster does not say so soon, that is told.
 */
async function abortedEarly(upgrade: Upgrade): Promise<Ending> {
  const { backup, progress } = upgrade;
  if (!patched(EVIDENCE)) return 'aborted';
  const { secret, left } = await lookForLeft(upgrade, { own: true });
  if (secret === undefined) {
    if (left) tell(upgrade, left);
    return 'aborted';
  }
  upgrade.backedUp = true;
  progress.note({ backupSecret: backup });
  return { revertBecause: 'an earlier execution of this upgrade had begun it, as its backup shows' };
}

/** The same of one that was to take back what has ended. Its earlier execution may have been in the middle of that. */
async function abortedBeforeTakingBack(upgrade: Upgrade): Promise<Ending> {
  if (!patched(LEFT_TOLD)) return 'aborted';
  const { left } = await lookForLeft(upgrade, { own: false });
  if (left) tell(upgrade, left);
  return left ? 'abandoned' : 'aborted';
}

/** Whether its backup is there, and what is left of any upgrade, where that is anything. */
async function lookForLeft(
  { backup, input, progress }: Upgrade,
  { own }: { readonly own: boolean },
): Promise<{ readonly secret?: string; readonly left?: LeftByAnother }> {
  try {
    const { secret, left } = await peeking.findBackup.executeWithOptions(
      titled(`Look for secret/${backup}`, input),
      [{ tenant: input.tenant, limits: input.retries, path: input.path, backup, own, andLeft: true }],
    );
    return {
      ...(secret === undefined ? {} : { secret }),
      ...(left && left.lines.length > 0 ? { left } : {}),
    };
  } catch (error) {
    const { failure } = readFailure(error);
    // So says a worker of an earlier release.
    if (failure.type !== 'NotFound') progress.leave(notLooked(failure.message));
    return {};
  }
}

function tell(upgrade: Upgrade, { lines, backup, crossed }: LeftByAnother): void {
  const { progress } = upgrade;
  for (const line of lines) progress.leave(line);
  if (backup !== undefined) {
    upgrade.backup = backup;
    progress.note({ backupSecret: backup });
  }
  if (crossed !== undefined) noteCrossing(upgrade, crossed);
}

/** The gate while nothing is touched yet: an abort just ends it, and windows that never open block it. */
async function passGate(upgrade: Upgrade): Promise<Ending | undefined> {
  const { control, gate } = upgrade;
  const answer = await gate.pass({ stop: () => control.abort !== undefined });
  switch (answer.status) {
    case 'open':
      return undefined;
    case 'stopped':
    case 'closed':
      return abortedEarly(upgrade);
    case 'failed':
      return block(upgrade, 'window-opens', answer.failure);
  }
}

/** Without a report: nobody has looked at it, and that is told. */
function block({ progress }: Upgrade, check: CheckName, { message, hint }: StepFailure): 'blocked' {
  const finding: Finding = {
    check,
    severity: 'fatal',
    message,
    hint: hint ?? 'Put it right, and start it again.',
  };
  progress.note({ findings: [...progress.current.findings, finding] });
  progress.leave(notLooked(message));
  return 'blocked';
}
