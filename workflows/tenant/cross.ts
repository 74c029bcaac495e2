import { patched } from '@temporalio/workflow';
import type { Step } from '../../src/domain/tenant/step-kinds.ts';
import { lookWhetherItCrossed, noteCrossed, noteCrossing } from './begin-revert.ts';
import type { Failed } from './failure.ts';
import { readFailure } from './failure.ts';
import { CUT_SHORT, PAUSE_STOPS_CROSSING } from '../patches.ts';
import { applyStep, verifyStagedAgain } from './step-activities.ts';
import { noteLost, noteUnsure } from './unsure.ts';
import type { Upgrade } from './upgrade.ts';

/**
 * By more than this the clocks of Temporal’s own hosts may not differ: every leave would be found to be over. (A worker asks one
 * of them; its own clock counts only where Temporal does not let it look, or is that of an earlier release.)
 */
const CLOCKS_DIFFER_MS = 60_000;

/**
 * Takes the step that crosses the point of no return: all that is staged is verified once more, then leave is asked for
 * (nobody has paused or aborted it, and the window has room), and is good for minutes, as the cluster may be away. Without
 * leave the step is pending again, and the gate waits; so it is where a pause came before it was crossed. Never rejects: a
 * failure is noted on the step. `rolling`: a pause came when it had been crossed; what rolls is to be waited for, as ever.
 */
export async function cross(
  upgrade: Upgrade,
  step: Step,
  stop: () => boolean,
): Promise<'rolling' | undefined> {
  const { control, gate, progress } = upgrade;
  let crossBefore: number | undefined;
  let pausesBefore = Infinity;
  try {
    const { crossed } = await control.interruptibly(() => verifyStagedAgain(upgrade));
    if (crossed !== undefined) {
      // From here on it is a step as any other.
      noteCrossing(upgrade, crossed);
      progress.pending(step);
      return undefined;
    }
    const until = (crossBefore = gate.leaveToCross(stop));
    if (until === undefined) {
      progress.pending(step);
      return undefined;
    }
    progress.note({ mayBePastPointOfNoReturn: true });
    const crossing = () => applyStep(upgrade, step, { crossBefore: until });
    const pauseStops = upgrade.fewerEvents || patched(PAUSE_STOPS_CROSSING);
    if (pauseStops) pausesBefore = control.pausesHeard;
    const outcome = await (pauseStops ? control.untilPaused(crossing) : control.interruptibly(crossing));
    noteLost(upgrade, outcome);
    if (outcome.crossed !== undefined) noteCrossing(upgrade, outcome.crossed);
    noteCrossed(upgrade, step.title);
    progress.ended(step, outcome);
  } catch (error) {
    const failed = readFailure(error);
    const isStopped = control.abort !== undefined;
    noteUnsure(upgrade, failed.unsure);
    if (failed.crossed !== undefined) noteCrossing(upgrade, failed.crossed);
    else if (progress.current.mayBePastPointOfNoReturn) {
      // What was paused has not stopped before that is known: it may be rolling.
      const look = () => lookWhetherItCrossed(upgrade);
      await (pausesBefore < Infinity && patched(CUT_SHORT) ? control.working(look) : look());
    }
    const wasCut = isOfBeingStopped(failed) || (failed.wouldGoOn === true && patched(CUT_SHORT));
    const isPaused = !isStopped && control.pausesHeard > pausesBefore && wasCut;
    if (isPaused && progress.current.pastPointOfNoReturn) return 'rolling';
    if (isPaused || isNoFailure(upgrade, failed, { wasStopped: isStopped && wasCut, crossBefore }))
      progress.pending(step);
    else progress.failed(step, failed);
  }
  return undefined;
}

/** A worker that was gone when it was told to stop has said nothing any more. */
const isOfBeingStopped = ({ failure: { type } }: Failed): boolean =>
  type === 'Cancelled' || type === 'TimedOut';

/** Leave has ended, or an abort has stopped what was past the point of no return: it is for a person to say what follows. */
function isNoFailure(
  { progress }: Upgrade,
  failed: Failed,
  { wasStopped, crossBefore }: { readonly wasStopped: boolean; readonly crossBefore: number | undefined },
): boolean {
  if (wasStopped) return progress.current.pastPointOfNoReturn;
  return (
    failed.failure.type === 'TooLate' &&
    crossBefore !== undefined &&
    Date.now() > crossBefore - CLOCKS_DIFFER_MS
  );
}
