import type { Call, KindOfStep, StepBase } from './step-base.ts';
import type { ValueChecks } from './value-check.ts';

/**
 * The typed steps that an upgrade path is made of. A step is data: it names objects and the values the procedure
 * documents, never a value read from a cluster, so it may stand in a workflow's history. What a kind of step does is
 * code, in `src/procedure/steps/<kind>.ts`. docs/adding-a-step.md says how a kind is added.
 */

/** Sets `spec.paused` on every DeploymentConfig the path touches, so that staging rolls nothing. */
export interface PauseRolloutsStep extends StepBase {
  readonly kind: 'pause-rollouts';
  readonly deploymentConfigs: readonly DeploymentConfigRef[];
}

export interface DeploymentConfigRef {
  readonly name: string;
  readonly optional?: boolean;
  /** The owner's own, which follows the same streams. */
  readonly takenAlong?: true;
}

/** Creates the master portal's new edge route beside the old one, with all of the old one but its host. */
export interface CreateRouteStep extends StepBase {
  readonly kind: 'create-route';
  readonly route: string;
  readonly service: string;
  readonly port: string;
  /** The host is `${hostEnv[0]}.${hostEnv[1]}`, read from this DeploymentConfig's container. */
  readonly hostFrom: {
    readonly deploymentConfig: string;
    readonly container: string;
    readonly hostEnv: readonly [string, string];
  };
  /** Names under which the route it replaces is found. */
  readonly replaces: readonly string[];
}

/** Sets a tag of an image stream from a DockerImage, and points `latest` at it; waits for the import. */
export interface TagImageStreamStep extends StepBase {
  readonly kind: 'tag-image-stream';
  readonly imageStream: string;
  readonly tag: string;
  readonly image: string;
  readonly displayName: string;
  readonly latestDisplayName: string;
  /** What has to run its image when all is done. Absent: the upgrade is of an earlier release. */
  readonly runs?: readonly ContainersOf[];
  /** An operator has named the image: another registry than that of today's images is meant. */
  readonly imageChosen?: true;
  /** Whatever image `latest` has is replaced, as an operator has chosen. */
  readonly replacesLatest?: true;
}

/** Containers of a DeploymentConfig, init containers too, by name. */
export interface ContainersOf {
  readonly deploymentConfig: string;
  readonly containers: readonly string[];
  /** An operator has chosen that they go on running what they run. */
  readonly left?: true;
}

/** Leads the image trigger of containers to `latest` of a stream, instead of wherever it leads. */
export interface FollowImageStreamStep extends StepBase, ContainersOf {
  readonly kind: 'follow-image-stream';
  readonly imageStream: string;
}

/** Sets the image of one named container. */
export interface SetImageStep extends StepBase {
  readonly kind: 'set-image';
  readonly deploymentConfig: string;
  readonly container: string;
  readonly image: string;
  /** As of a tag. */
  readonly imageChosen?: true;
}

/** A variable's documented literal value, or a key of a Secret in the tenant's namespace. */
export type EnvSetting =
  | { readonly name: string; readonly value: string }
  | { readonly name: string; readonly secret: string; readonly key: string };

/** Sets variables on the vendor's containers of a DeploymentConfig; with `preHook` also on its pre-hook. */
export interface SetEnvStep extends StepBase {
  readonly kind: 'set-env';
  readonly deploymentConfig: string;
  /** Absent: every container, as `oc set env` does it; the upgrade is of an earlier release. */
  readonly containers?: readonly string[];
  readonly env: readonly EnvSetting[];
  readonly preHook?: boolean;
}

/** Creates a Secret from one that the operator (or `start`) put beside it: its values never enter the history. */
export interface CreateSecretStep extends StepBase {
  readonly kind: 'create-secret';
  readonly secret: string;
  readonly fromSecret: string;
  readonly keys: readonly string[];
  /** What each key's value has to be; absent: as its name says (value-check.ts). */
  readonly checks?: ValueChecks;
  readonly labels: Readonly<Record<string, string>>;
}

/** Reads everything staged and compares it with the end state, before anything moves. */
export interface VerifyStagedStep extends StepBase {
  readonly kind: 'verify-staged';
}

/** Un-pauses one DeploymentConfig, which starts exactly one rollout by itself, and waits for that to end. */
export interface RollOutStep extends StepBase {
  readonly kind: 'roll-out';
  readonly deploymentConfig: string;
  /** Ids of the roll-out steps that must have ended before. */
  readonly after: readonly string[];
  /** Its pre-hook migrates the database: nothing runs migrations down. */
  readonly pointOfNoReturn?: boolean;
  /** The owner's own, which follows the same streams. */
  readonly takenAlong?: true;
}

/** Deletes a DeploymentConfig with its replication controllers and pods, and waits until they are gone. */
export interface DeleteDeploymentConfigStep extends StepBase {
  readonly kind: 'delete-deployment-config';
  readonly deploymentConfig: string;
}

/** Deletes the route that `create-route` replaced, found by what it is: its service and one of its names. */
export interface DeleteRouteStep extends StepBase {
  readonly kind: 'delete-route';
  readonly routes: readonly string[];
  readonly service: string;
  /** The route that must be admitted first. */
  readonly replacedBy: string;
}

/** Runs a command once in a ready pod of a DeploymentConfig; its arguments come from a Secret's keys. Not revertible. */
export interface RunInPodStep extends StepBase {
  readonly kind: 'run-in-pod';
  readonly deploymentConfig: string;
  readonly container: string;
  /** `{key}` is replaced with that key's value of `argumentsFrom`, inside the cluster only. */
  readonly command: readonly string[];
  readonly argumentsFrom: string;
  /** What each argument has to be; absent: as its name says (value-check.ts). */
  readonly checks?: ValueChecks;
}

/** The closing verification: everything under "How to see that it worked". */
export interface VerifyUpgradedStep extends StepBase {
  readonly kind: 'verify-upgraded';
}

export type Step =
  | PauseRolloutsStep
  | CreateRouteStep
  | TagImageStreamStep
  | FollowImageStreamStep
  | SetImageStep
  | SetEnvStep
  | CreateSecretStep
  | VerifyStagedStep
  | RollOutStep
  | DeleteDeploymentConfigStep
  | DeleteRouteStep
  | RunInPodStep
  | VerifyUpgradedStep;

const writes = <A extends string>(activity: A) => ({ activity, takes: 'writes' }) as const;
const pods = <A extends string>(activity: A) => ({ activity, takes: 'pods' }) as const;

/** Every kind of step. */
export const STEP_KINDS = {
  'pause-rollouts': { apply: writes('pauseRollouts'), undoes: 'exactly' },
  'create-route': {
    apply: writes('createRoute'),
    revert: writes('revertRoute'),
    undoes: 'exactly',
    creates: true,
  },
  'tag-image-stream': {
    apply: writes('tagImageStream'),
    // What had been pushed to `latest` can be given back only as a pin.
    revert: { ...writes('revertImageStreamTag'), tellsWhatIsLeft: true },
    undoes: 'exactly',
  },
  'follow-image-stream': {
    apply: writes('followImageStream'),
    revert: writes('revertFollowing'),
    undoes: 'exactly',
  },
  'set-image': { apply: writes('setImage'), revert: writes('revertImage'), undoes: 'exactly' },
  'set-env': { apply: writes('setEnv'), revert: writes('revertEnv'), undoes: 'exactly' },
  'create-secret': {
    apply: writes('createSecret'),
    revert: writes('deleteSecret'),
    undoes: 'exactly',
    creates: true,
  },
  'verify-staged': { apply: writes('verifyStaged'), undoes: 'nothing' },
  'roll-out': { apply: pods('rollOut'), revert: writes('pauseAgain'), undoes: 'exactly' },
  'delete-deployment-config': {
    apply: pods('deleteDeploymentConfig'),
    revert: pods('restoreDeploymentConfig'),
    undoes: 'by-compensation',
  },
  'delete-route': {
    apply: writes('deleteRoute'),
    revert: writes('restoreRoute'),
    undoes: 'by-compensation',
  },
  'run-in-pod': { apply: { activity: 'runInPod', takes: 'command' }, undoes: 'never' },
  'verify-upgraded': { apply: writes('verifyUpgraded'), undoes: 'nothing' },
} as const satisfies { readonly [K in Step['kind']]: KindOfStep };

export type StepKind = Step['kind'];
export type StepOf<K extends StepKind> = Extract<Step, { kind: K }>;

/** Kinds that one activity takes back. */
export type RevertibleKind = {
  [K in StepKind]: (typeof STEP_KINDS)[K] extends { readonly revert: Call } ? K : never;
}[StepKind];
