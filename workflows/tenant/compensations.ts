import { ApplicationFailure, patched } from '@temporalio/workflow';
import type { StepFailure } from '../../src/domain/tenant/progress.ts';
import type { PauseRolloutsStep, Step } from '../../src/domain/tenant/step-kinds.ts';
import { isOfKind, kindOf, stepsOf } from '../../src/domain/tenant/step.ts';
import { resumeOrder } from '../../src/domain/tenant/step-order.ts';
import { titled, writing } from '../activities.ts';
import { beginRevert, leftAsTheyAre, noteCrossing } from './begin-revert.ts';
import { endReverted } from './claim.ts';
import { readFailure } from './failure.ts';
import { hold, untilDecided } from './hold.ts';
import { EVIDENCE, OTHERS_DELETIONS, RETRIES_ALL } from '../patches.ts';
import type { RevertibleStep } from './step-activities.ts';
import { isRevertible, resumeDeploymentConfig, revertStep } from './step-activities.ts';
import { noteLost, noteUnsureAgain, untilSure } from './unsure.ts';
import type { Reversal, Upgrade } from './upgrade.ts';
import { walk } from './walk.ts';

/**
 * Takes back every step begun, in reverse order, then compares with the backup. Each is guarded by its activity; where
 * somebody else has edited what we changed, the tenant is held. A pause stands before each, a window does not.
 */
export async function revert(
  upgrade: Upgrade,
  { revertBecause, failure }: Reversal,
): Promise<'reverted' | 'aborted' | 'abandoned' | 'goes-on'> {
  const { compensations, control, progress } = upgrade;
  const looksFirst = upgrade.backedUp && patched(EVIDENCE);
  const begin = looksFirst ? await beginRevert(upgrade) : 'begun';
  if (begin === 'goes-on' || begin === 'abandoned') return begin;
  control.revertBegins();
  upgrade.rolled = rolledBefore(upgrade);
  progress.enter('reverting');
  if (failure) progress.note({ revertedFor: failure });
  progress.record('reverting', control.abort, revertBecause);
  if (begin === 'nothing-to-undo') return nothingToUndo(upgrade);
  const steps = !looksFirst ? compensations : begin === 'untouched' ? [] : stepsToUndo(upgrade);
  for (const step of [...steps].reverse()) {
    if ((await takeBack(upgrade, step)) === 'abandoned') return 'abandoned';
  }
  if (upgrade.backedUp) {
    const verify = looksFirst ? compareAndEnd : verifyReverted;
    if ((await verify(upgrade)) === 'abandoned') return 'abandoned';
  }
  return control.abort ? 'aborted' : 'reverted';
}

/** DeploymentConfigs that this upgrade has rolled out, and not back yet. */
function rolledBefore({ input, progress }: Upgrade): Set<string> {
  return new Set(
    stepsOf(input.path.steps, 'roll-out').flatMap(({ id, deploymentConfig }) =>
      ['done', 'unchanged'].includes(progress.status(id)) ? deploymentConfig : [],
    ),
  );
}

/**
 * Every step of the path, also those of which history knows nothing: it may have forgotten them, and each looks for itself.
 * What was run in a pod is told only where it was. What comes last is begun only past the point of no return: what is gone
 * before that, somebody else has deleted, and the comparison with the backup names it.
 */
function stepsToUndo({ compensations, input, progress }: Upgrade): Step[] {
  const isCrossed = progress.current.pastPointOfNoReturn;
  const spares = !isCrossed && patched(OTHERS_DELETIONS);
  return input.path.steps.filter((step) => {
    if (compensations.includes(step)) return true;
    return kindOf(step).undoes !== 'never' && !(spares && step.phase === 'finish');
  });
}

/** The cluster shows no trace of the upgrade: whoever undid it, history has forgotten. */
function nothingToUndo({ compensations, control, progress }: Upgrade): 'aborted' | 'reverted' {
  for (const step of compensations)
    progress.reverted(step, { attempts: 0, note: 'all is as an upgrade finds it' });
  progress.forgetBackup();
  return control.abort ? 'aborted' : 'reverted';
}

async function takeBack(upgrade: Upgrade, step: Step): Promise<'abandoned' | undefined> {
  if (isPause(step)) return resumeAll(upgrade, step);
  if (isRevertible(step)) return compensate(upgrade, step);
  if (kindOf(step).undoes === 'never') {
    upgrade.progress.notReverted(step, 'cannot be undone');
    upgrade.progress.leave(`cannot be undone: ${step.title}`);
  }
  return undefined;
}

const isPause = isOfKind('pause-rollouts');

async function compensate(upgrade: Upgrade, step: RevertibleStep): Promise<'abandoned' | undefined> {
  const { gate, progress } = upgrade;
  const tried = await untilDecided(upgrade, atStep(step.id), async () => {
    await gate.pause();
    // One that history knows nothing of is looked for all the same; it is not shown as taken back before that is so.
    const wasBegun = progress.status(step.id) !== 'pending';
    if (wasBegun) progress.reverting(step);
    const outcome = await upgrade.control.working(() => revertStep(upgrade, step));
    noteLost(upgrade, outcome);
    const { note } = outcome;
    const isLeft = note !== undefined && kindOf(step).revert?.tellsWhatIsLeft;
    if (isLeft && !progress.current.leftovers.includes(note)) progress.leave(note);
    if (wasBegun || outcome.status === 'done') progress.reverted(step, outcome);
  });
  if (tried.answer === 'done') return undefined;
  return leaveAsItIs(upgrade, step, tried);
}

/** Un-pauses along the same graph as on the way there: each DeploymentConfig rolls once, or not at all. */
async function resumeAll(upgrade: Upgrade, step: PauseRolloutsStep): Promise<'abandoned' | undefined> {
  const { gate, input, progress } = upgrade;
  const names = step.deploymentConfigs.map(({ name }) => name);
  const order = resumeOrder(input.path, names);
  const started = new Set<string>();
  const settled = new Set<string>();
  const skipped = new Set<string>();
  const failures = new Map<string, StepFailure>();
  const stopping = () => failures.size > 0;
  progress.reverting(step);
  for (;;) {
    await walk<string>({
      ready: () =>
        names.filter((name) => !started.has(name) && order.get(name)?.every((other) => settled.has(other))),
      enter: async () => {
        await gate.pause(stopping);
        return !stopping();
      },
      run: async (name) => {
        started.add(name);
        try {
          noteLost(upgrade, await upgrade.control.working(() => resumeDeploymentConfig(upgrade, step, name)));
          settled.add(name);
          upgrade.rolled.delete(name);
        } catch (error) {
          const { failure, unsure } = readFailure(error);
          noteUnsureAgain(upgrade, unsure);
          failures.set(name, failure);
        }
      },
      stopping,
    });
    const [failed] = failures;
    if (!failed) break;
    const [name, failure] = failed;
    const answer = await hold(upgrade, { ...atStep(step.id), failure });
    failures.delete(name);
    if (answer === 'retry') {
      // What the others failed with is as old: whoever puts the cause right says so once.
      const again = [name, ...(failures.size > 0 && patched(RETRIES_ALL) ? failures.keys() : [])];
      for (const one of again) {
        failures.delete(one);
        started.delete(one);
      }
    } else if (answer !== 'skip-step') return 'abandoned';
    else {
      settled.add(name);
      skipped.add(name);
    }
  }
  if (skipped.size > 0) return leaveAsItIs(upgrade, step, { answer: 'skip-step' });
  progress.reverted(step, { attempts: 0 });
  return undefined;
}

/** As upgrades of earlier releases do it. Holds where something differs, unless an operator has decided to leave something as it is: then it is listed. */
async function verifyReverted(upgrade: Upgrade): Promise<'abandoned' | undefined> {
  const { backup, compensations, gate, input, progress } = upgrade;
  const leftSomething = leftAsTheyAre(upgrade).length > 0;
  const { answer } = await untilDecided(upgrade, atStep('verify-reverted'), async () => {
    await gate.pause();
    try {
      const { differences } = await upgrade.control.working(() =>
        writing.verifyReverted.executeWithOptions(titled('Compare everything with the backup', input), [
          { tenant: input.tenant, limits: input.retries, path: input.path, backup },
        ]),
      );
      if (differences.length === 0) return progress.forgetBackup();
      if (!leftSomething) throw differs(differences, backup);
      for (const difference of differences) progress.leave(difference);
    } catch (error) {
      const nothingWasBackedUp = compensations.length === 0 && readFailure(error).failure.type === 'NotFound';
      if (!nothingWasBackedUp) throw error;
    }
  });
  if (answer === 'skip-step') progress.leave(`not compared with the backup, which is kept: secret/${backup}`);
  return answer === 'abandon' ? 'abandoned' : undefined;
}

/** Of differences, in one message; a report has all. */
const TOLD = 5;

function differs(differences: readonly string[], backup: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(
    `${differences.length === 1 ? '1 difference' : `${differences.length} differences`} from the backup: ${differences.slice(0, TOLD).join('; ')}` +
      (differences.length > TOLD ? `; and ${differences.length - TOLD} more` : ''),
    'NotVerified',
    { hint: `Put them right and type retry; secret/${backup} holds what was there.` },
  );
}

/**
 * Compares with the backup, once nothing that was sent can take effect any more; what did so late is taken back too. Then
 * ends the upgrade in the cluster: what was verified is in history before the backup goes.
 */
async function compareAndEnd(upgrade: Upgrade): Promise<'abandoned' | undefined> {
  const { backup, gate, progress } = upgrade;
  const leftSomething = leftAsTheyAre(upgrade).length > 0;
  let mayBeLate = await untilSure(upgrade);
  const { answer } = await untilDecided(upgrade, atStep('verify-reverted'), async () => {
    await gate.pause();
    const found = await compareNow(upgrade);
    let { differences, crossed } = found;
    if (differences.length > 0 && (found.mayBeOurs ?? true) && mayBeLate) {
      await takeBackOnceMore(upgrade);
      mayBeLate = false;
      ({ differences, crossed } = await compareNow(upgrade));
    }
    if (crossed !== undefined && !progress.current.pastPointOfNoReturn) {
      noteCrossing(upgrade, crossed);
      throw crossedMeanwhile(crossed);
    }
    if (differences.length > 0 && !leftSomething) throw differs(differences, backup);
    for (const difference of differences) progress.leave(difference);
  });
  if (answer === 'skip-step') {
    upgrade.notCompared = true;
    progress.leave(`not compared with the backup, which is kept: secret/${backup}`);
  }
  if (answer !== 'done') return answer === 'abandon' ? 'abandoned' : undefined;
  if (leftSomething) return undefined;
  const ended = await untilDecided(upgrade, atStep('end-upgrade'), () => endReverted(upgrade));
  if (ended.answer === 'done') progress.forgetBackup();
  else progress.leave(`secret/${backup} keeps the backup: it could not be deleted`);
  return ended.answer === 'abandon' ? 'abandoned' : undefined;
}

async function compareNow(upgrade: Upgrade) {
  const { backup, control, input, progress } = upgrade;
  const { tenant, retries: limits, path } = input;
  const crossed = progress.current.pastPointOfNoReturn;
  const left = leftAsTheyAre(upgrade);
  return control.working(() =>
    writing.verifyReverted.executeWithOptions(titled('Compare everything with the backup', input), [
      { tenant, limits, path, backup, keep: true, crossed, left },
    ]),
  );
}

/** Somebody has resumed it while it was taken back: what has run on its database is for a person to judge. */
function crossedMeanwhile(why: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(
    `while it was taken back, somebody has resumed rollouts, and the new version has run: ${why}`,
    'AlreadyCrossed',
    {
      hint: 'The old version runs again, on a database that may be migrated: see that it works with that, or restore the database; retry ends the revert then.',
    },
  );
}

/**
 * What was sent before the revert began, and took effect after it had looked. Where that can only be a creation, nothing is
 * paused and resumed once more for it.
 */
async function takeBackOnceMore(upgrade: Upgrade): Promise<void> {
  for (const step of stepsToUndo(upgrade).reverse()) {
    if (!upgrade.mayChangeLate && !kindOf(step).creates) continue;
    if (isRevertible(step)) await upgrade.control.working(() => revertStep(upgrade, step));
    if (!isPause(step)) continue;
    for (const { name } of step.deploymentConfigs)
      await upgrade.control.working(() => resumeDeploymentConfig(upgrade, step, name));
  }
}

function leaveAsItIs(
  upgrade: Upgrade,
  step: Step,
  { answer, failure }: { readonly answer: string; readonly failure?: StepFailure },
): 'abandoned' | undefined {
  const { progress } = upgrade;
  progress.notReverted(step, 'left as it is, as an operator decided');
  if (answer !== 'skip-step') return 'abandoned';
  const why = failure ? `; that had failed: ${failure.message}` : '';
  progress.leave(`step ${step.id} was not undone: ${step.title}${why}`);
  return undefined;
}

function atStep(stepId: string) {
  return { stepId, during: 'revert', skippable: true } as const;
}
