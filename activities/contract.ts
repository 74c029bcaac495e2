import type { FailureEvidence } from '../src/domain/failure-evidence.ts';
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
  /** False: nothing of a log is shown where a rollout fails. */
  readonly logs?: boolean;
}

/** What stands before a revert. */
export type RevertBegin =
  /**
   * `untouched`: nothing of the path is done, and nothing is paused by us. `ran`: the steps, by id, of which the cluster
   * says that their command has run, which nothing undoes.
   */
  | { readonly status: 'begun'; readonly untouched?: boolean; readonly ran?: readonly string[] }
  /** There is no backup: nothing was done, or all of it has been undone already. What others have left is told. */
  | { readonly status: 'nothing-to-undo'; readonly left?: readonly string[] }
  /** Nothing was turned: a person has to say that it is to be taken back past the point of no return. */
  | { readonly status: 'crossed'; readonly why: string };

/** What an upgrade that is not under way any more has left of itself. */
export interface LeftByAnother {
  /** A line each, with the name of what is left. */
  readonly lines: readonly string[];
  /** Name of the Secret that holds the backup of what was there before. */
  readonly backup?: string;
  /** The cluster shows that the point of no return is crossed, by this. */
  readonly crossed?: string;
}

export interface PathIdentity {
  readonly from: string;
  readonly to: string;
}

export interface StepOutcome {
  readonly status: 'done' | 'unchanged' | 'absent';
  /** One line for people; never a value read from the cluster. */
  readonly note?: string;
  /** Found in the cluster: the point of no return is crossed. One line that says by what. */
  readonly crossed?: string;
  /** The upgrade's claim is taken off. */
  readonly unclaimed?: true;
  /** The attempt that succeeded, from 1. */
  readonly attempts: number;
  /**
   * On the way something was to be created, or deleted by its name, and nobody has heard whether it was: it may still be,
   * once the name is free, or taken anew.
   */
  readonly unsure?: boolean;
}

/** What the closing comparison found. */
export interface Comparison {
  /** What is not as the backup has it, an object and field each; never a value. */
  readonly differences: readonly string[];
  /** Some of it may be what the upgrade sent, and took effect late; absent: so it may. */
  readonly mayBeOurs?: boolean;
}

/** A revert may find that there is nothing (left) to undo: `unchanged`. */
export type RevertOutcome = StepOutcome;

type Apply<K extends StepKind> = (input: StepInput<K>) => Promise<StepOutcome>;
type Revert<K extends StepKind> = (input: StepInput<K>) => Promise<RevertOutcome>;

/** Activities named verb + object, one to apply and one to revert each kind of step that changes something. */
export interface TenantActivities {
  checkTenant(input: TenantInput & { readonly path: ResolvedPath }): Promise<PreflightReport>;
  /**
   * Creates the backup Secret once, of a tenant that is at its start; a retry finds and keeps it, and one of an upgrade
   * that was left or forgotten is taken up (`adopted`). Returns its name, and whether it is of a tenant that was half
   * upgraded. `runId` is that of the first execution.
   */
  backUpTenant(input: TenantInput & { readonly path: ResolvedPath; readonly runId: string }): Promise<{
    readonly secret: string;
    readonly attempts: number;
    readonly adopted?: boolean;
    readonly halfWay?: boolean;
    readonly crossed?: string;
    readonly unsure?: boolean;
  }>;
  /**
   * Read only: the name that the backup's Secret has; the only one there is, where the run to be taken back had found all
   * upgraded, unless it has to be its `own`. Throws `NotFound` where it is not there: then what it belongs to cannot be
   * taken back. With `andLeft` it looks besides at what another upgrade has left, names that, and does not throw.
   */
  findBackup(
    input: TenantInput & {
      readonly path: PathIdentity & Partial<ResolvedPath>;
      readonly backup: string;
      readonly own?: boolean;
      readonly andLeft?: boolean;
    },
  ): Promise<{ readonly secret?: string; readonly left?: LeftByAnother }>;
  /** Before the first compensation. Looks at the cluster, then sees that nothing of the way there is written any more. */
  beginRevert(
    input: TenantInput & {
      readonly path: ResolvedPath;
      readonly backup: string;
      /** It is to be taken back past the point of no return: a person has said so. */
      readonly crossed: boolean;
      /** History knows of a step that was begun; absent: so it is. */
      readonly begun?: boolean;
    },
  ): Promise<RevertBegin>;
  /** Read only: whether the cluster shows that the point of no return is crossed, and by what. */
  lookForCrossing(
    input: TenantInput & {
      readonly path: ResolvedPath;
      readonly backup: string;
      /** As of `verifyReverted`. */
      readonly left?: readonly string[];
    },
  ): Promise<{ readonly why?: string }>;
  /**
   * After a full revert: compares with the backup. A backup that is not there (it was never finished) is `NotFound`.
   * Without `keep`, as upgrades of earlier releases ask for it, it deletes the backup where nothing differs. Where the point
   * of no return is not known to be `crossed`, it is looked whether it was, by somebody who resumed the rollouts meanwhile.
   */
  verifyReverted(
    input: TenantInput & {
      readonly path: ResolvedPath;
      readonly backup: string;
      readonly keep?: boolean;
      readonly crossed?: boolean;
      /** Ids of steps that an operator has decided not to undo: what they have set tells of no new version. */
      readonly left?: readonly string[];
    },
  ): Promise<StepOutcome & Comparison>;
  /**
   * The upgrade's last write: takes its claim off the tenant. After a revert that was verified (`reverted`) the backup
   * goes too; what is gone already is gone.
   */
  endUpgrade(
    input: TenantInput & { readonly path: PathIdentity; readonly backup: string; readonly reverted: boolean },
  ): Promise<StepOutcome>;
  findWindow(input: {
    readonly policy: WindowPolicy;
    /** How long what is left may take; 0 asks only whether it is open. */
    readonly neededMs: number;
    readonly atMs: number;
  }): Promise<WindowAnswer>;
  /**
   * Which of these stand paused now: what a held or abandoned tenant must say. `step` names those of them that are none of the
   * path's own.
   */
  listPausedDeploymentConfigs(
    input: TenantInput & {
      readonly names: readonly string[];
      readonly path?: PathIdentity;
      readonly step?: StepOf<'pause-rollouts'>;
    },
  ): Promise<string[]>;

  /** `steps`: those of the path, so that a crossing is seen that history has forgotten: then nothing is paused. */
  pauseRollouts: (
    input: StepInput<'pause-rollouts'> & { readonly steps?: ResolvedPath['steps'] },
  ) => Promise<StepOutcome>;
  createRoute: Apply<'create-route'>;
  tagImageStream: Apply<'tag-image-stream'>;
  followImageStream: Apply<'follow-image-stream'>;
  setImage: Apply<'set-image'>;
  setEnv: Apply<'set-env'>;
  createSecret: Apply<'create-secret'>;
  /**
   * `again`: right before the point of no return, when some of it has moved: the DeploymentConfigs that are `rolled`. The
   * others must still be paused; absent: the workflow is of an earlier release.
   */
  verifyStaged: (
    input: Omit<StepInput<'verify-staged'>, 'step'> & {
      readonly steps: ResolvedPath['steps'];
      readonly again?: boolean;
      readonly rolled?: readonly string[];
    },
  ) => Promise<StepOutcome>;
  /**
   * Un-pauses and waits for the one rollout that this starts; before that, what was `staged` must be as it was staged. From
   * `crossBefore` on (epoch milliseconds) the patch that crosses the point of no return is not sent any more: `TooLate`.
   */
  rollOut: (
    input: StepInput<'roll-out'> & {
      readonly staged?: ResolvedPath['steps'];
      readonly crossBefore?: number;
    },
  ) => Promise<StepOutcome>;
  deleteDeploymentConfig: Apply<'delete-deployment-config'>;
  deleteRoute: Apply<'delete-route'>;
  runInPod: Apply<'run-in-pod'>;
  /**
   * `backup` is absent where the installation was found upgraded: then nothing was touched, so nothing was backed up. `claim`: name
   * of the backup whose claim is taken off once all is as it should be, which ends the upgrade; absent: it stays.
   */
  verifyUpgraded: (
    input: Omit<StepInput<'verify-upgraded'>, 'backup'> & {
      readonly steps: ResolvedPath['steps'];
      readonly backup?: string;
      readonly claim?: string;
    },
  ) => Promise<StepOutcome>;

  /** Un-pauses one DeploymentConfig that `pauseRollouts` paused and waits until it is settled as the backup has it. */
  resumeRollouts(
    input: StepInput<'pause-rollouts'> & { readonly deploymentConfig: string },
  ): Promise<RevertOutcome>;
  revertRoute: Revert<'create-route'>;
  revertImageStreamTag: Revert<'tag-image-stream'>;
  revertFollowing: Revert<'follow-image-stream'>;
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
 * Retry-After) up to RetryLimits, `Unreachable` for ever; the others need a person (what one look has found, after a second one).
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
  /** The cluster shows that this upgrade has turned, ended, or was begun anew: history is older than it. */
  | 'Superseded'
  | 'UnknownContext'
  /** Leave to cross the point of no return has ended before that could be done: nothing was sent, and it is asked for anew. */
  | 'TooLate'
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
  /** A write was sent that may, or may still, take effect. */
  readonly unsure?: boolean;
  /** Found in the cluster: the point of no return is crossed, and by what. */
  readonly crossed?: string;
  /** What the cluster shows of a rollout that failed; it has passed the redaction, and is small. */
  readonly evidence?: FailureEvidence;
}

/** `details[0]` of the CancelledFailure of an activity that was stopped. */
export interface LetGo {
  /** Whatever it had sent is answered. */
  readonly letGo: boolean;
}
