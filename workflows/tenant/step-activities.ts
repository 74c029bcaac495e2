import type { StepInput } from '../../activities/contract.ts';
import type { RevertOutcome, StepOutcome } from '../../src/domain/tenant/outcome.ts';
import { assertNever } from '../../src/domain/text/assert-never.ts';
import type { PauseRolloutsStep, Step, StepKind, StepOf } from '../../src/domain/tenant/step.ts';
import { isSettled } from '../../src/domain/tenant/step-order.ts';
import type { TenantUpgradeInput } from '../../src/domain/tenant/tenant-upgrade.ts';
import type { ProgressKeeper } from './progress.ts';
import { rolling, running, titled, writing } from '../activities.ts';

/** What every activity of one upgrade is told besides its step. */
export interface StepContext {
  readonly input: TenantUpgradeInput;
  /** The name that the backup Secret has, or would have. */
  readonly backup: string;
  /** False where nothing had to be done, so that nothing was backed up. */
  readonly backedUp: boolean;
  readonly progress: Pick<ProgressKeeper, 'status'>;
}

/**
 * The activity that applies a step. Idempotent: each looks first and does only what is missing. `crossBefore`: from then
 * on it does not cross the point of no return any more. `endsClaim`: what verifies the upgrade takes its claim off.
 */
export function applyStep(
  context: StepContext,
  step: Step,
  { crossBefore, endsClaim = false }: { readonly crossBefore?: number; readonly endsClaim?: boolean } = {},
): Promise<StepOutcome> {
  const options = titled(step.title, context.input);
  switch (step.kind) {
    case 'pause-rollouts':
      return writing.pauseRollouts.executeWithOptions(options, [
        { ...inputOf(context, step), steps: context.input.path.steps },
      ]);
    case 'create-route':
      return writing.createRoute.executeWithOptions(options, [inputOf(context, step)]);
    case 'tag-image-stream':
      return writing.tagImageStream.executeWithOptions(options, [inputOf(context, step)]);
    case 'follow-image-stream':
      return writing.followImageStream.executeWithOptions(options, [inputOf(context, step)]);
    case 'set-image':
      return writing.setImage.executeWithOptions(options, [inputOf(context, step)]);
    case 'set-env':
      return writing.setEnv.executeWithOptions(options, [inputOf(context, step)]);
    case 'create-secret':
      return writing.createSecret.executeWithOptions(options, [inputOf(context, step)]);
    case 'verify-staged':
      return writing.verifyStaged.executeWithOptions(options, [
        { ...inputOf(context, step), steps: stepsInForce(context) },
      ]);
    case 'roll-out':
      return rolling.rollOut.executeWithOptions(options, [
        {
          ...inputOf(context, step),
          staged: stagedFor(context, step),
          ...(crossBefore === undefined ? {} : { crossBefore }),
        },
      ]);
    case 'delete-deployment-config':
      return rolling.deleteDeploymentConfig.executeWithOptions(options, [inputOf(context, step)]);
    case 'delete-route':
      return writing.deleteRoute.executeWithOptions(options, [inputOf(context, step)]);
    case 'run-in-pod':
      return running.runInPod.executeWithOptions(options, [inputOf(context, step)]);
    case 'verify-upgraded':
      return writing.verifyUpgraded.executeWithOptions(options, [
        {
          ...commonOf(context),
          step,
          steps: stepsInForce(context),
          ...(context.backedUp ? { backup: context.backup } : {}),
          ...(endsClaim ? { claim: context.backup } : {}),
        },
      ]);
    default:
      return assertNever(step);
  }
}

/** Steps that leave something behind which an activity can take back. `pause-rollouts` is taken back last, by a graph. */
export type RevertibleStep = StepOf<
  Exclude<StepKind, 'pause-rollouts' | 'verify-staged' | 'verify-upgraded' | 'run-in-pod'>
>;

export function isRevertible(step: Step): step is RevertibleStep {
  return !['pause-rollouts', 'verify-staged', 'verify-upgraded', 'run-in-pod'].includes(step.kind);
}

/** The activity that takes a step back. Guarded: refuses with `EditedByOthers` what is no longer as the step left it. */
export function revertStep(context: StepContext, step: RevertibleStep): Promise<RevertOutcome> {
  const options = titled(`Undo: ${step.title}`, context.input);
  switch (step.kind) {
    case 'create-route':
      return writing.revertRoute.executeWithOptions(options, [inputOf(context, step)]);
    case 'tag-image-stream':
      return writing.revertImageStreamTag.executeWithOptions(options, [inputOf(context, step)]);
    case 'follow-image-stream':
      return writing.revertFollowing.executeWithOptions(options, [inputOf(context, step)]);
    case 'set-image':
      return writing.revertImage.executeWithOptions(options, [inputOf(context, step)]);
    case 'set-env':
      return writing.revertEnv.executeWithOptions(options, [inputOf(context, step)]);
    case 'create-secret':
      return writing.deleteSecret.executeWithOptions(options, [inputOf(context, step)]);
    case 'roll-out':
      return writing.pauseAgain.executeWithOptions(options, [inputOf(context, step)]);
    case 'delete-deployment-config':
      return rolling.restoreDeploymentConfig.executeWithOptions(options, [inputOf(context, step)]);
    case 'delete-route':
      return writing.restoreRoute.executeWithOptions(options, [inputOf(context, step)]);
    default:
      return assertNever(step);
  }
}

/** Un-pauses one DeploymentConfig on the way back. */
export function resumeDeploymentConfig(
  context: StepContext,
  step: PauseRolloutsStep,
  deploymentConfig: string,
): Promise<RevertOutcome> {
  return rolling.resumeRollouts.executeWithOptions(
    titled(`Resume the rollouts of dc/${deploymentConfig}`, context.input),
    [{ ...inputOf(context, step), deploymentConfig }],
  );
}

/** What was staged in the DeploymentConfig that is about to roll. */
function stagedFor(context: StepContext, { deploymentConfig }: StepOf<'roll-out'>): readonly Step[] {
  return stepsInForce(context).filter(
    (step) =>
      step.phase === 'stage' && 'deploymentConfig' in step && step.deploymentConfig === deploymentConfig,
  );
}

/** Sees once more, right before the point of no return, that all is as it was staged, whatever came between. */
export function verifyStagedAgain(context: StepContext): Promise<StepOutcome> {
  const { input, backup } = context;
  return writing.verifyStaged.executeWithOptions(
    titled('Verify everything staged once more, before the point of no return', input),
    [{ ...commonOf(context), backup, steps: stepsInForce(context), again: true, rolled: rolledIn(context) }],
  );
}

/** DeploymentConfigs that have been un-paused, or that an operator has left to themselves. */
function rolledIn({ input, progress }: StepContext): string[] {
  return input.path.steps.flatMap((step) =>
    step.kind === 'roll-out' && isSettled(progress.status(step.id)) ? step.deploymentConfig : [],
  );
}

/** What an operator skipped is not verified. */
function stepsInForce({ input, progress }: StepContext): readonly Step[] {
  return input.path.steps.filter(({ id }) => progress.status(id) !== 'skipped');
}

function commonOf({ input: { tenant, retries, path, logs } }: StepContext) {
  return {
    tenant,
    limits: retries,
    path: { from: path.from, to: path.to },
    ...(logs === false ? { logs } : {}),
  };
}

function inputOf<K extends StepKind>(context: StepContext, step: StepOf<K>): StepInput<K> {
  return { ...commonOf(context), step, backup: context.backup };
}
