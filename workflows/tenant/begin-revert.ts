import { patched } from '@temporalio/workflow';
import type { Step } from '../../src/domain/tenant/step-kinds.ts';
import { glancing, looking, titled, writing } from '../activities.ts';
import { hold, untilDecided } from './hold.ts';
import {
  ABANDONED_LOOKED_AT,
  COMMANDS_REMEMBERED,
  CROSSING_BY_LEAVE,
  CROSSING_WAITED_OUT,
} from '../patches.ts';
import type { Upgrade } from './upgrade.ts';
import { untilSure } from './unsure.ts';
import { failureKind } from '../../src/domain/tenant/failure.ts';
import type { StepFailure } from '../../src/domain/tenant/progress.ts';

/**
 * What the cluster says about a revert that is about to begin. Where it shows that the point of no return is crossed, and
 * nobody has said that it is to be taken back all the same, a person is asked.
 */
export async function beginRevert(
  upgrade: Upgrade,
): Promise<'begun' | 'untouched' | 'nothing-to-undo' | 'goes-on' | 'abandoned'> {
  const { compensations, control, input, progress } = upgrade;
  // Nothing but the backup may be on its way: it is found once it is there.
  if (compensations.length === 0) await untilSure(upgrade);
  for (;;) {
    const tried = await untilDecided(
      upgrade,
      { stepId: 'begin-revert', during: 'revert', skippable: false },
      () =>
        control.working(() =>
          writing.beginRevert.executeWithOptions(titled('See what is to be taken back', input), [
            {
              ...partsOf(upgrade),
              crossed: progress.current.pastPointOfNoReturn,
              begun: compensations.length > 0,
            },
          ]),
        ),
    );
    if (tried.answer !== 'done') return 'abandoned';
    const begin = tried.value;
    if (begin.status === 'nothing-to-undo') {
      upgrade.claimed = false;
      for (const left of begin.left ?? []) progress.leave(left);
      return 'nothing-to-undo';
    }
    if (begin.status === 'begun') {
      upgrade.claimed = true;
      noteCommandsRun(upgrade, begin.ran ?? []);
      return begin.untouched && compensations.length === 0 ? 'untouched' : 'begun';
    }
    const wasAborted = control.abort !== undefined;
    noteCrossing(upgrade, begin.why);
    if (wasAborted && control.abort === undefined) return goOn(upgrade);
    const answer = await askWhetherToGoBack(upgrade, begin.why);
    if (answer !== 'revert') return answer;
  }
}

/** History may have forgotten that they ran: that they cannot be undone is told all the same. */
function noteCommandsRun({ compensations, input }: Upgrade, ids: readonly string[]): void {
  const forgotten = input.path.steps.filter((step) => ids.includes(step.id) && !compensations.includes(step));
  if (forgotten.length > 0 && patched(COMMANDS_REMEMBERED)) compensations.push(...forgotten);
}

async function askWhetherToGoBack(
  upgrade: Upgrade,
  why: string,
): Promise<'revert' | 'goes-on' | 'abandoned'> {
  const { progress } = upgrade;
  const failed = failedStep(upgrade);
  const next = progress.current.steps.find(({ status }) => status === 'pending');
  const failure: StepFailure = {
    type: 'AlreadyCrossed',
    message: `it was to be reverted, but the point of no return is crossed: ${why}`,
    hint: failureKind('AlreadyCrossed').hint,
  };
  const stepId = failed?.id ?? next?.id ?? 'begin-revert';
  const answer = await hold(upgrade, { stepId, during: 'upgrade', failure, skippable: false });
  if (answer === 'revert') return 'revert';
  if (answer === 'abandon') return 'abandoned';
  return goOn(upgrade);
}

/** On to the end, with what had failed. */
function goOn(upgrade: Upgrade): 'goes-on' {
  const failed = failedStep(upgrade);
  if (failed) upgrade.progress.pending(failed);
  return 'goes-on';
}

const failedStep = ({ input, progress }: Upgrade): Step | undefined =>
  input.path.steps.find(({ id }) => progress.status(id) === 'failed');

/** Found in the cluster, and kept: nothing is reverted by itself any more. */
export function noteCrossing(upgrade: Upgrade, why: string): void {
  noteCrossed(upgrade, `found in the cluster: ${why}`);
}

/** Known from now on. An abort that came before anybody knew means what it means past the point of no return. */
export function noteCrossed({ control, progress }: Upgrade, detail: string): void {
  if (progress.current.pastPointOfNoReturn) return;
  progress.note({ pastPointOfNoReturn: true, mayBePastPointOfNoReturn: false });
  progress.record('point-of-no-return', undefined, detail);
  if (control.abortFinishes && patched(CROSSING_BY_LEAVE)) control.takeAbort();
}

/** A roll-out that was to cross the point of no return has failed: whether it did is for the cluster to say. */
export async function lookWhetherItCrossed(upgrade: Upgrade): Promise<void> {
  const { progress } = upgrade;
  // The patch that crosses it may still be on its way.
  if (upgrade.unsureUntilMs > Date.now() && patched(CROSSING_WAITED_OUT)) await untilSure(upgrade);
  try {
    const why = await crossingSeen(upgrade, looking);
    if (why !== undefined) return noteCrossing(upgrade, why);
    progress.note({ pastPointOfNoReturn: false, mayBePastPointOfNoReturn: false });
    progress.record(
      'not-crossed',
      undefined,
      'the cluster shows that the point of no return was not crossed',
    );
  } catch {
    // Nobody knows: what may be crossed is not taken back by itself.
  }
}

/** It is left as it is: somebody may have resumed what was staged, and then 2.4 has run on its database. */
export async function noteWhatHasRun(upgrade: Upgrade): Promise<void> {
  const { progress } = upgrade;
  const { pastPointOfNoReturn, mayBePastPointOfNoReturn } = progress.current;
  if (pastPointOfNoReturn || !upgrade.backedUp || !patched(ABANDONED_LOOKED_AT)) return;
  try {
    const why = await crossingSeen(upgrade, glancing);
    if (why !== undefined) noteCrossing(upgrade, why);
    else if (mayBePastPointOfNoReturn) progress.note({ mayBePastPointOfNoReturn: false });
  } catch {
    progress.note({ mayBePastPointOfNoReturn: true });
  }
}

/** By what the cluster shows that it is crossed; undefined where it is not. Rejects where nobody could look. */
async function crossingSeen(
  upgrade: Upgrade,
  { lookForCrossing }: Pick<typeof looking, 'lookForCrossing'>,
): Promise<string | undefined> {
  const title = titled('See whether the point of no return is crossed', upgrade.input);
  const left = leftAsTheyAre(upgrade);
  const { why } = await lookForCrossing.executeWithOptions(title, [{ ...partsOf(upgrade), left }]);
  return why;
}

/** Steps that an operator has decided not to undo. */
export const leftAsTheyAre = ({ progress }: Pick<Upgrade, 'progress'>): string[] =>
  progress.current.steps.flatMap(({ id, status }) => (status === 'not-reverted' ? [id] : []));

function partsOf({ backup, input: { tenant, retries: limits, path } }: Upgrade) {
  return { tenant, limits, path, backup };
}
