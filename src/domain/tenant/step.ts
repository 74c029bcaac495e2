import type { KindOfStep } from './step-base.ts';
import type { DeploymentConfigRef, RollOutStep, Step, StepKind, StepOf } from './step-kinds.ts';
import { STEP_KINDS } from './step-kinds.ts';
import type { MinorVersion, Release } from './version.ts';

/** A path with its choices made: what a running upgrade keeps, named by its hash. */
export interface ResolvedPath {
  readonly from: MinorVersion;
  readonly to: Release;
  /** An operator has said so of installations where nothing names their version. */
  readonly assumedVersion?: MinorVersion;
  /** In the order in which they are done; roll-outs side by side where their `after` allows. */
  readonly steps: readonly Step[];
  /** First 12 hex digits of SHA-256 over the canonical JSON of the other fields. */
  readonly hash: string;
}

/** What is to be known of a step's kind. */
export const kindOf = (step: Pick<Step, 'kind'>): KindOfStep => STEP_KINDS[step.kind];

export const isOfKind =
  <K extends StepKind>(kind: K) =>
  (step: Step): step is StepOf<K> =>
    step.kind === kind;

/** Those of a kind, in their order. */
export const stepsOf = <K extends StepKind>(steps: readonly Step[], kind: K): StepOf<K>[] =>
  steps.filter(isOfKind(kind));

/** The DeploymentConfigs that the steps pause. */
export const pausedConfigs = (steps: readonly Step[]): readonly DeploymentConfigRef[] =>
  stepsOf(steps, 'pause-rollouts').flatMap(({ deploymentConfigs }) => deploymentConfigs);

/** The rollout that nothing undoes; undefined where the path has none. */
export const pointOfNoReturnIn = (steps: readonly Step[]): RollOutStep | undefined =>
  stepsOf(steps, 'roll-out').find(({ pointOfNoReturn }) => pointOfNoReturn);
