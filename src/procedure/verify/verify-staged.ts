import type { Step } from '../../domain/tenant/step-kinds.ts';
import { Snapshot } from '../../openshift/snapshot.ts';
import { required } from '../backup/backup.ts';
import { findCrossing } from '../claim/crossing.ts';
import { resumedByOthers } from '../edit/guard.ts';
import type { Done, Work } from '../steps/step-module.ts';
import { UNCHANGED } from '../steps/step-module.ts';
import { VERIFIED, verifySteps } from './verify.ts';
import { pointOfNoReturnIn, stepsOf } from '../../domain/tenant/step.ts';

export interface StagedCheck {
  /** Those of the path, but for what an operator has skipped. */
  readonly steps: readonly Step[];
  readonly moment: 'staged' | 'switching';
  /** DeploymentConfigs whose roll-outs are settled. */
  readonly rolled?: readonly string[] | undefined;
}

/**
 * Sees everything staged, before anything moves. Where the upgrade itself has crossed the point of no return, as the
 * cluster shows and history has forgotten, there is nothing to see: it goes on. Where somebody else has, by resuming the
 * rollouts, that is said.
 */
export async function verifyStaged(work: Work, { steps, moment, rolled }: StagedCheck): Promise<Done> {
  const view = new Snapshot(work.api);
  const crossing = await findCrossing(work.api, steps, required(await work.backup()), view);
  if (crossing.why !== undefined && crossing.isOurs) {
    const note = `the point of no return is crossed already: ${crossing.why}`;
    return { ...UNCHANGED, note, crossed: crossing.why };
  }
  const point = pointOfNoReturnIn(steps);
  if (crossing.why !== undefined && point) throw resumedByOthers(point.deploymentConfig, crossing.why);
  // Whoever has skipped the verification goes on with what is resumed, gone, or edited and to be deleted.
  const isSkipped = stepsOf(steps, 'verify-staged').length === 0;
  const rollOuts: readonly Step[] = stepsOf(steps, 'roll-out');
  await verifySteps(
    { ...work, ...(rolled && !isSkipped ? { rolled } : {}) },
    // What will be deleted past the point of no return is held against the backup as long as it can be gone back.
    steps.filter(
      (step) =>
        step.phase === 'stage' || (!isSkipped && (rollOuts.includes(step) || step.phase === 'finish')),
    ),
    crossing.hasBegunToSwitch ? 'switching' : moment,
    view,
  );
  return VERIFIED;
}
