import type { PathIdentity, StepOutcome } from '../../domain/tenant/outcome.ts';
import type { StepInspection } from '../../domain/tenant/plan.ts';
import type { Step, StepKind, StepOf } from '../../domain/tenant/step-kinds.ts';
import type { PodCount } from '../../domain/tenant/pod-count.ts';
import type { RolloutWatch } from '../../openshift/rollout-watch.ts';
import type { Access, TenantApi, TenantReader } from '../../openshift/tenant-api.ts';
import type { DeploymentConfig, ImageStream } from '../../openshift/types.ts';
import type { Backup } from '../backup/backup.ts';
import type { Subject } from '../evidence/trouble.ts';
import type { Crossing } from '../claim/crossing.ts';

/** What a step sees of a tenant: the cluster itself, or one snapshot of it. */
export interface View {
  readonly api: TenantReader;
  readonly path: PathIdentity;
  /** Value of the annotations by which this tenant's upgrade knows its own work: the id of its workflow. */
  readonly mark: string;
  /** Secrets that are not there yet, and will be when the upgrade begins. */
  readonly announced?: readonly string[];
  /** The installation as it was before the first change; absent, or undefined where nothing was backed up. Read once. */
  readonly backup?: () => Promise<Backup | undefined>;
  /** At `switching`: DeploymentConfigs that need not be paused any more. Absent: nobody knows which, so none is looked at. */
  readonly rolled?: readonly string[];
}

/** What a look at a tenant needs. */
export interface Look extends View {
  readonly api: TenantApi;
  /** False: where something fails, the end of no log is told. Absent: it is. */
  readonly logs?: boolean | undefined;
}

/** What a change of a tenant needs besides. */
export interface Work extends Look {
  /** The installation as it was before the first change; undefined where nothing was backed up. Read once. */
  readonly backup: () => Promise<Backup | undefined>;
  /** Looks in the cluster whether the point of no return is crossed. Absent: the workflow is of an earlier release. */
  readonly findCrossing?: () => Promise<Crossing>;
  /** The point of no return is crossed: what is changed may roll at once. */
  readonly mayRoll?: boolean;
  /** Sends the patch that crosses the point of no return, and nothing once it is too late. Absent: it may be sent at any time. */
  readonly crossingApi?: TenantApi;
  /** Says in the cluster that the upgrade begins to un-pause. */
  readonly beginSwitch?: () => Promise<void>;
  /**
   * Sees once more, right before what is staged moves, that it is as it was staged: first of all in the DeploymentConfig as
   * the caller has it, and will write with a test of its resourceVersion. Absent: nothing of it moves.
   */
  readonly stillStaged?: (config: DeploymentConfig) => Promise<void>;
  /** Watches all rollouts of the tenant that this process waits for. Absent: each is watched by itself. */
  readonly rollouts?: () => RolloutWatch;
  /** To be told how far a rollout is that is waited for. Absent: nobody asks. */
  readonly rolls?: (pods: PodCount) => void;
}

export type Done = Pick<StepOutcome, 'status' | 'note' | 'crossed'>;

/**
 * `staged`: everything is in place and nothing has moved; `switching`: it still is in place, and some has moved;
 * `upgraded`: the whole path is done.
 */
export type Moment = 'staged' | 'switching' | 'upgraded';

/** What steps may touch: each is backed up, compared after a revert, and held against what a plan has found. */
export const TOUCHABLE = ['deploymentconfigs', 'imagestreams', 'routes', 'secrets', 'configmaps'] as const;

/** An object that a step may change, create or delete. */
export interface Touched {
  readonly resource: (typeof TOUCHABLE)[number];
  readonly name: string;
  /** It is gone once the step is done. */
  readonly deleted?: true;
}

/** What is not as it should be. */
export interface Problem {
  /** A sentence, without any value of the cluster. */
  readonly message: string;
  /** No controller will put it right: somebody has changed what a step had set. */
  readonly edited?: true;
  /** The rollout that is not as it should be: its pods say why. */
  readonly rollout?: Subject;
}

/**
 * All that is to be known of one kind of step. Every function looks first and may be run again at any point. They
 * throw OpenShiftError and StepError only.
 */
export interface StepModule<K extends StepKind> {
  /** Read only: what is missing, as a plan shows it. */
  inspect(view: View, step: StepOf<K>): Promise<StepInspection>;
  /**
   * Does what is missing, and sees it done. Overwrites what the backup has, or its own, and nothing else: throws
   * `EditedByOthers` where somebody has changed the field since the backup.
   */
  apply(work: Work, step: StepOf<K>): Promise<Done>;
  /** Read only: what is not as it should be at this moment. */
  verify(view: View, step: StepOf<K>, moment: Moment): Promise<Problem[]>;
  /** Takes back what `apply` did, and nothing else. Throws `EditedByOthers` where it is no longer as `apply` left it. */
  revert?(work: Work, step: StepOf<K>): Promise<Done>;
  /** All that it may change, create or delete: this is backed up, and compared after a revert. */
  touches(step: StepOf<K>): readonly Touched[];
  /** What the identity must be allowed to do in the tenant's namespace. */
  rights(step: StepOf<K>): readonly Access[];
  /**
   * Whether its being done tells that the upgrade has begun. `with-others`: alone it changes nothing; `never`: it says nothing
   * of the version. Absent: `always`.
   */
  readonly tellsOfVersion?: 'always' | 'with-others' | 'never';
  /** A change by this step makes the DeploymentConfig roll. Absent: it changes no template. */
  rolls?(step: StepOf<K>, config: DeploymentConfig): boolean;
  /** Names of the variables that it sets on the DeploymentConfig it touches. Absent: none. */
  variables?(step: StepOf<K>): readonly string[];
  /** The triggers of the DeploymentConfig it touches, as they are once it is done. Absent: it leaves them. */
  triggersAfter?(step: StepOf<K>, config: DeploymentConfig, namespace: string): readonly string[];
  /** The stream as the backup has it, where a revert rightly leaves it otherwise, and has told so. Absent: it never does. */
  asBackedUp?(step: StepOf<K>, stream: ImageStream, backup: Backup): ImageStream;
  /** Its revert makes something anew, or deletes it by its name alone: what comes late may meet a later upgrade's. */
  readonly revertIsUnguarded?: true;
}

/** Kinds with a module: the verifying ones are made of the others'. */
export type ModuleKind = Exclude<StepKind, 'verify-staged' | 'verify-upgraded'>;

export function isModuleStep(step: Step): step is StepOf<ModuleKind> {
  return step.kind !== 'verify-staged' && step.kind !== 'verify-upgraded';
}

/** What no controller will put right: somebody has changed what a step had set. */
export const edited = (message: string): Problem => ({ message, edited: true });
/** What may come right by itself in a moment. */
export const problem = (message: string): Problem => ({ message });
export const problems = (isSo: boolean, message: string): Problem[] => (isSo ? [problem(message)] : []);

export const UNCHANGED: Done = { status: 'unchanged' };
export const DONE: Done = { status: 'done' };
export const NOTHING: StepInspection = { status: 'done', changes: [] };

export function absent(object: string): StepInspection {
  return { status: 'absent', changes: [], note: `${object} is not there` };
}

export function blocked(note: string): StepInspection {
  return { status: 'blocked', changes: [], note };
}
