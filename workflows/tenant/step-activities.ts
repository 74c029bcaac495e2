import type { StepInput } from '../../activities/contract.ts';
import type { RevertOutcome, StepOutcome } from '../../src/domain/tenant/outcome.ts';
import type {
  PauseRolloutsStep,
  RevertibleKind,
  Step,
  StepKind,
  StepOf,
} from '../../src/domain/tenant/step-kinds.ts';
import { STEP_KINDS } from '../../src/domain/tenant/step-kinds.ts';
import { kindOf, stepsOf } from '../../src/domain/tenant/step.ts';
import { isSettled } from '../../src/domain/tenant/step-order.ts';
import type { TenantUpgradeInput } from '../../src/domain/tenant/tenant-upgrade.ts';
import type { ProgressKeeper } from './progress.ts';
import { callOnStep, rolling, titled, writing } from '../activities.ts';

/** What every activity of one upgrade is told besides its step. */
export interface StepContext {
  readonly input: TenantUpgradeInput;
  /** The name that the backup Secret has, or would have. */
  readonly backup: string;
  /** False where nothing had to be done, so that nothing was backed up. */
  readonly backedUp: boolean;
  readonly progress: Pick<ProgressKeeper, 'status'>;
}

/** What an activity that applies a step is told besides it: of a few kinds, more than of the others. */
interface Told {
  /** From then on (epoch milliseconds) it does not cross the point of no return any more. */
  readonly crossBefore?: number;
  /** What verifies the upgrade takes its claim off. */
  readonly endsClaim?: boolean;
}

const MORE: { readonly [K in StepKind]?: (context: StepContext, step: StepOf<K>, told: Told) => object } = {
  'pause-rollouts': ({ input }) => ({ steps: input.path.steps }),
  'verify-staged': (context) => ({ steps: stepsInForce(context) }),
  'roll-out': (context, step, { crossBefore }) => ({
    staged: stagedFor(context, step),
    ...(crossBefore === undefined ? {} : { crossBefore }),
  }),
  'verify-upgraded': (context, _step, { endsClaim }) => ({
    steps: stepsInForce(context),
    backup: context.backedUp ? context.backup : undefined,
    ...(endsClaim ? { claim: context.backup } : {}),
  }),
};

/** The activity that applies a step. Idempotent: each looks first and does only what is missing. */
export function applyStep(context: StepContext, step: Step, told: Told = {}): Promise<StepOutcome> {
  const more = MORE[step.kind] as ((context: StepContext, step: Step, told: Told) => object) | undefined;
  const input = { ...inputOf(context, step), ...more?.(context, step, told) };
  return callOnStep(kindOf(step).apply, titled(step.title, context.input), input);
}

/** Steps that leave something behind which an activity can take back. `pause-rollouts` is taken back last, by a graph. */
export type RevertibleStep = StepOf<RevertibleKind>;

export function isRevertible(step: Step): step is RevertibleStep {
  return kindOf(step).revert !== undefined;
}

/** The activity that takes a step back. Guarded: refuses with `EditedByOthers` what is no longer as the step left it. */
export function revertStep(context: StepContext, step: RevertibleStep): Promise<RevertOutcome> {
  const { revert } = STEP_KINDS[step.kind];
  return callOnStep(revert, titled(`Undo: ${step.title}`, context.input), inputOf(context, step));
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
  return stepsOf(input.path.steps, 'roll-out').flatMap(({ id, deploymentConfig }) =>
    isSettled(progress.status(id)) ? deploymentConfig : [],
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
