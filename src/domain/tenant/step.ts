import type { ValueChecks } from './value-check.ts';
import type { MinorVersion } from './version.ts';

/**
 * The typed steps that an upgrade path is made of. A step is data: it names objects and the values the procedure
 * documents, never a value read from a cluster, so it may stand in a workflow's history. What a kind of step does is
 * code, in `src/procedure/steps/<kind>.ts`.
 */

/** `stage` is without effect on the running service; `switch` rolls pods; `finish` removes what 2.4 no longer needs. */
export type Phase = 'stage' | 'switch' | 'finish';

interface StepBase {
  /** Unique in its path; what an operator types after `skip-step`. */
  readonly id: string;
  /** One line, as the procedure would say it; the activity's summary in Temporal's UI. */
  readonly title: string;
  readonly phase: Phase;
  /** Where the guide documents it ("1", "2", … "9", "1.3"), or `tool` where the step is ours. */
  readonly guide: string;
  /** True where an installation may rightly lack the object; then there is nothing to do. */
  readonly optional?: boolean;
  /** False where the upgrade makes no sense without it. Default true. */
  readonly skippable?: boolean;
}

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

export type StepKind = Step['kind'];
export type StepOf<K extends StepKind> = Extract<Step, { kind: K }>;

/** A path with its choices made: what a running upgrade keeps, named by its hash. */
export interface ResolvedPath {
  readonly from: MinorVersion;
  readonly to: MinorVersion;
  /** An operator has said so of installations where nothing names their version. */
  readonly assumedVersion?: MinorVersion;
  /** In the order in which they are done; roll-outs side by side where their `after` allows. */
  readonly steps: readonly Step[];
  /** First 12 hex digits of SHA-256 over the canonical JSON of the other fields. */
  readonly hash: string;
}
