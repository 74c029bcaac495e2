import type { PreflightReport } from '../src/domain/finding.ts';
import type { ResolvedPath, StepKind, StepOf } from '../src/domain/step.ts';
import type { TenantRef } from '../src/domain/tenant.ts';
import type { RetryLimits } from '../src/domain/tenant-upgrade.ts';
import type { WindowAnswer, WindowPolicy } from '../src/domain/window.ts';

/**
 * What the workflow may ask of the outside world. Every activity is idempotent: it looks first, does only what is
 * missing, guards each write, verifies, and may be run again at any point, also after it was killed in the middle.
 */

interface TenantInput {
  readonly tenant: TenantRef;
  readonly limits: RetryLimits;
}

export interface StepInput<K extends StepKind> extends TenantInput {
  readonly step: StepOf<K>;
  readonly path: PathIdentity;
  /** Name of the backup Secret in the tenant's namespace. */
  readonly backup: string;
}

export interface PathIdentity {
  readonly from: string;
  readonly to: string;
}

export interface StepOutcome {
  readonly status: 'done' | 'unchanged' | 'absent';
  /** One line for people; never a value read from the cluster. */
  readonly note?: string;
  /** The attempt that succeeded, from 1. */
  readonly attempts: number;
}

/** A revert may find that there is nothing (left) to undo: `unchanged`. */
export type RevertOutcome = StepOutcome;

type Apply<K extends StepKind> = (input: StepInput<K>) => Promise<StepOutcome>;
type Revert<K extends StepKind> = (input: StepInput<K>) => Promise<RevertOutcome>;

/** Activities named verb + object, one to apply and one to revert each kind of step that changes something. */
export interface TenantActivities {
  checkTenant(input: TenantInput & { readonly path: ResolvedPath }): Promise<PreflightReport>;
  /** Creates the backup Secret once; a retry finds and keeps it. Returns its name. */
  backUpTenant(input: TenantInput & { readonly path: ResolvedPath; readonly runId: string }): Promise<{
    readonly secret: string;
    readonly attempts: number;
  }>;
  /** Read only. Throws `NotFound` where the backup is not there: then what it belongs to cannot be taken back. */
  findBackup(input: TenantInput & { readonly path: PathIdentity; readonly backup: string }): Promise<void>;
  /**
   * After a full revert: compares with the backup and deletes it where nothing differs. A backup that is not there
   * (it was never finished) is `NotFound`.
   */
  verifyReverted(
    input: TenantInput & { readonly path: ResolvedPath; readonly backup: string },
  ): Promise<StepOutcome & { readonly differences: readonly string[] }>;
  findWindow(input: {
    readonly policy: WindowPolicy;
    /** How long what is left may take; 0 asks only whether it is open. */
    readonly neededMs: number;
    readonly atMs: number;
  }): Promise<WindowAnswer>;
  /** Which of these stand paused now: what a held or abandoned tenant must say. */
  listPausedDeploymentConfigs(input: TenantInput & { readonly names: readonly string[] }): Promise<string[]>;

  pauseRollouts: Apply<'pause-rollouts'>;
  createRoute: Apply<'create-route'>;
  tagImageStream: Apply<'tag-image-stream'>;
  setImage: Apply<'set-image'>;
  setEnv: Apply<'set-env'>;
  createSecret: Apply<'create-secret'>;
  verifyStaged: (
    input: StepInput<'verify-staged'> & { readonly steps: ResolvedPath['steps'] },
  ) => Promise<StepOutcome>;
  /** Un-pauses and waits for the one rollout that this starts. */
  rollOut: Apply<'roll-out'>;
  deleteDeploymentConfig: Apply<'delete-deployment-config'>;
  deleteRoute: Apply<'delete-route'>;
  runInPod: Apply<'run-in-pod'>;
  /** `backup` is absent where the installation was found upgraded: then nothing was touched, so nothing was backed up. */
  verifyUpgraded: (
    input: Omit<StepInput<'verify-upgraded'>, 'backup'> & {
      readonly steps: ResolvedPath['steps'];
      readonly backup?: string;
    },
  ) => Promise<StepOutcome>;

  /** Un-pauses one DeploymentConfig that `pauseRollouts` paused and waits until it is settled as the backup has it. */
  resumeRollouts(
    input: StepInput<'pause-rollouts'> & { readonly deploymentConfig: string },
  ): Promise<RevertOutcome>;
  revertRoute: Revert<'create-route'>;
  revertImageStreamTag: Revert<'tag-image-stream'>;
  revertImage: Revert<'set-image'>;
  revertEnv: Revert<'set-env'>;
  deleteSecret: Revert<'create-secret'>;
  /** Pauses the DeploymentConfig again, so that what follows is undone with one rollout. */
  pauseAgain: Revert<'roll-out'>;
  restoreDeploymentConfig: Revert<'delete-deployment-config'>;
  restoreRoute: Revert<'delete-route'>;
}

/**
 * Types of ApplicationFailure that activities throw. `retryable` ones are tried again by Temporal with backoff (and
 * Retry-After) up to RetryLimits, `Unreachable` for ever; the others need a person and are never retried blindly.
 */
export type FailureType =
  | 'Unreachable'
  | 'Throttled'
  | 'ServerError'
  | 'Conflict'
  | 'RolloutFailed'
  | 'ImportFailed'
  | 'CommandFailed'
  | 'TimedOut'
  | 'Unauthorized'
  | 'Forbidden'
  | 'NotFound'
  | 'Invalid'
  | 'EditedByOthers'
  | 'NotVerified'
  | 'UnknownContext'
  /** The worker was told to do what its own paths cannot yield, or by another workflow than the tenant's. */
  | 'NotPermitted'
  /** The worker went away: another one goes on at once. */
  | 'WorkerShutdown'
  | 'Bug';

/** `details[0]` of every ApplicationFailure an activity throws. */
export interface FailureDetails {
  readonly hint: string;
  /** `sim1/tenant-a dc/system-app` */
  readonly where: string;
  readonly attempts: number;
}
