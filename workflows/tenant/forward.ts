import { patched } from '@temporalio/workflow';
import type { StepFailure, TenantState } from '../../src/domain/tenant/progress.ts';
import type { Step } from '../../src/domain/tenant/step-kinds.ts';
import { readySteps } from '../../src/domain/tenant/step-order.ts';
import type { Actor } from '../../src/domain/tenant/tenant.ts';
import { lookWhetherItCrossed, noteCrossing } from './begin-revert.ts';
import { cross } from './cross.ts';
import { readFailure } from './failure.ts';
import type { GateAnswer } from './gate.ts';
import { hold, revertsByPolicy } from './hold.ts';
import { CROSSING_BY_LEAVE, EVIDENCE } from '../patches.ts';
import { applyStep, verifyStagedAgain } from './step-activities.ts';
import { noteLost, noteUnsure } from './unsure.ts';
import type { Ending, Upgrade } from './upgrade.ts';
import { walk } from './walk.ts';
import { isOfKind } from '../../src/domain/tenant/step.ts';
import { failureKind } from '../../src/domain/tenant/failure.ts';

/** Walks the path's steps, siblings side by side, until all are settled or something ends the upgrade. */
export async function takeSteps(upgrade: Upgrade): Promise<Ending | undefined> {
  const { control, input, progress } = upgrade;
  const failedStep = () => input.path.steps.find((step) => progress.status(step.id) === 'failed');
  let windowClosed = false;
  const stopping = () => control.abort !== undefined || failedStep() !== undefined || windowClosed;
  for (;;) {
    await walk<Step>({
      ready: () => readySteps(input.path, (id) => progress.status(id)),
      enter: async (step) => {
        const answer = await enter(upgrade, step, stopping);
        windowClosed ||= answer === 'closed';
        return answer === 'open';
      },
      run: (step) => take(upgrade, step, stopping),
      stopping,
    });
    const failed = failedStep();
    if (control.abort && !progress.current.pastPointOfNoReturn) return aborted(control.abort);
    if (windowClosed && !failed) {
      progress.note({ windowClosed });
      return { revertBecause: 'its window has closed' };
    }
    if (!failed && !control.abort) return undefined;
    const ending = failed ? await onFailure(upgrade, failed) : await onLateAbort(upgrade);
    if (ending) return ending;
  }
}

/** The gate before a step. Before the point of no return it asks whether all that is left fits the window. */
async function enter(upgrade: Upgrade, step: Step, stop: () => boolean): Promise<GateAnswer['status']> {
  const { compensations, gate, progress } = upgrade;
  // What it is about to wait for, it may be past already.
  const crosses = crossesPointOfNoReturn(step);
  if (crosses && progress.current.mayBePastPointOfNoReturn && !stop()) await lookWhetherItCrossed(upgrade);
  const mustFit = crosses && !progress.current.pastPointOfNoReturn;
  const hasMoved =
    progress.current.pastPointOfNoReturn || compensations.some(({ phase }) => phase !== 'stage');
  const when = hasMoved ? 'switching' : 'only-staged';
  const answer = await gate.pass({ mustFit, stop, when });
  if (answer.status === 'failed') progress.failed(step, { failure: answer.failure, attempts: 0 });
  return answer.status;
}

/** Registers the compensation, then acts. Never rejects: a failure is noted on the step. */
async function take(upgrade: Upgrade, step: Step, stop: () => boolean): Promise<void> {
  const { compensations, control, progress } = upgrade;
  progress.enter(stateDuring(step));
  progress.started(step);
  if (!compensations.includes(step)) compensations.push(step);
  const isAhead = crossesPointOfNoReturn(step) && !progress.current.pastPointOfNoReturn;
  const byLeave = isAhead && (upgrade.fewerEvents || patched(CROSSING_BY_LEAVE));
  if (byLeave && (await cross(upgrade, step, stop)) !== 'rolling') return;
  const crosses = isAhead && !byLeave;
  const looksFirst = crosses && patched(EVIDENCE);
  try {
    if (looksFirst) await control.interruptibly(() => verifyStagedAgain(upgrade));
    if (looksFirst && control.abort) return progress.pending(step);
    if (crosses) {
      progress.note({ pastPointOfNoReturn: true });
      progress.record('point-of-no-return', undefined, step.title);
    }
    const endsClaim = upgrade.fewerEvents && upgrade.claimed;
    const outcome = await control.interruptibly(() => applyStep(upgrade, step, { endsClaim }));
    if (outcome.unclaimed) upgrade.claimed = false;
    noteLost(upgrade, outcome);
    if (outcome.crossed !== undefined) noteCrossing(upgrade, outcome.crossed);
    progress.ended(step, outcome);
    if (isVerifyStaged(step)) progress.enter('staged');
  } catch (error) {
    const failed = readFailure(error);
    noteUnsure(upgrade, failed.unsure);
    if (failed.crossed !== undefined) noteCrossing(upgrade, failed.crossed);
    else if (looksFirst && progress.current.pastPointOfNoReturn) await lookWhetherItCrossed(upgrade);
    progress.failed(step, failed);
  }
}

const isVerifyStaged = isOfKind('verify-staged');
const isVerifyUpgraded = isOfKind('verify-upgraded');
const isRollOut = isOfKind('roll-out');

function crossesPointOfNoReturn(step: Step): boolean {
  return isRollOut(step) && step.pointOfNoReturn === true;
}

function stateDuring(step: Step): TenantState {
  if (isVerifyUpgraded(step)) return 'verifying';
  return step.phase === 'stage' ? 'staging' : 'switching';
}

async function onFailure(upgrade: Upgrade, step: Step): Promise<Ending | undefined> {
  const { control, progress } = upgrade;
  const failure = progress.failureOf(step);
  const revertBecause = `${step.id} failed: ${failure.message}`;
  if (revertsByPolicy(upgrade, failure)) return { revertBecause, failure };
  const skippable = step.skippable ?? true;
  const answer = await hold(upgrade, { stepId: step.id, during: 'upgrade', failure, skippable });
  switch (answer) {
    case 'retry':
      progress.pending(step);
      return undefined;
    case 'skip-step':
      progress.settled(step, 'skipped', 'skipped, as an operator decided');
      // Whoever reads only how it ended reads what stands otherwise.
      progress.leave(`step ${step.id} was skipped: ${step.title}; that had failed: ${failure.message}`);
      return undefined;
    case 'abandon':
      return 'abandoned';
    case 'revert':
      return { revertBecause, failure };
    case 'abort':
      return control.abort ? aborted(control.abort) : { revertBecause };
  }
}

/** An abort that came too late to undo anything without a person's explicit word. */
async function onLateAbort(upgrade: Upgrade): Promise<Ending | undefined> {
  const { control, progress } = upgrade;
  const abort = control.takeAbort();
  const next = progress.current.steps.find(({ status }) => status === 'pending');
  if (!abort || !next) return undefined;
  const failure: StepFailure = {
    type: 'Aborted',
    message: `${abort.by} asked to abort (${abort.why}), but the point of no return is crossed`,
    hint: failureKind('Aborted').hint,
  };
  const answer = await hold(upgrade, { stepId: next.id, during: 'upgrade', failure, skippable: false });
  if (answer === 'retry') return undefined;
  return answer === 'abandon' ? 'abandoned' : aborted(abort);
}

function aborted({ by, why }: Actor): Ending {
  return { revertBecause: `${by} asked to abort: ${why}` };
}
