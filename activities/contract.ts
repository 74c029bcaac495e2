import type {
  Comparison,
  LeftByAnother,
  PathIdentity,
  RevertBegin,
  RevertOutcome,
  StepOutcome,
} from '../src/domain/tenant/outcome.ts';
import type { PreflightReport } from '../src/domain/tenant/finding.ts';
import type { RevertibleKind, STEP_KINDS, StepKind, StepOf } from '../src/domain/tenant/step-kinds.ts';
import type { ResolvedPath } from '../src/domain/tenant/step.ts';
import type { TenantRef } from '../src/domain/tenant/tenant.ts';
import type { RetryLimits } from '../src/domain/tenant/tenant-upgrade.ts';
import type { WindowAnswer, WindowPolicy } from '../src/domain/windows/policy.ts';

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

type Kinds = typeof STEP_KINDS;

/** Kinds whose activity is told more than its step. */
type ToldMore = 'pause-rollouts' | 'verify-staged' | 'roll-out' | 'verify-upgraded';

/** Applies a step: one activity for each kind. */
export type Applying = {
  readonly [K in Exclude<StepKind, ToldMore> as Kinds[K]['apply']['activity']]: (
    input: StepInput<K>,
  ) => Promise<StepOutcome>;
};

/** Takes a step back: guarded, and may find that there is nothing (left) to undo. */
export type Reverting = {
  readonly [K in RevertibleKind as Kinds[K]['revert']['activity']]: (
    input: StepInput<K>,
  ) => Promise<RevertOutcome>;
};

/** What is asked of a tenant besides, and of the steps that are told more. */
export interface TenantActivities extends Applying, Reverting {
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
}
