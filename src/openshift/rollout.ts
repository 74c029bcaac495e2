import { isDeepStrictEqual } from 'node:util';
import { foreignWords } from './foreign-words.ts';
import type { DeploymentConfig, ReplicationController } from './types.ts';

export const ANNOTATION = {
  phase: 'openshift.io/deployment.phase',
  statusReason: 'openshift.io/deployment.status-reason',
  config: 'openshift.io/deployment-config.name',
} as const;

/** Where the rollout of what a DeploymentConfig holds now stands. */
export type Rollout =
  /** Paused, with nothing rolling: what changed meanwhile waits. */
  | { readonly status: 'paused' }
  /** Not begun, or not over. */
  | { readonly status: 'running'; readonly begun: boolean; readonly note: string }
  | { readonly status: 'complete'; readonly version: number }
  | {
      readonly status: 'failed';
      readonly version: number;
      readonly why: string;
      /** `why` says more than that it failed, or what had started it. */
      readonly isReason: boolean;
    };

/** The replication controller that the newest rollout made. */
export function newestControllerName({ metadata, status }: DeploymentConfig): string {
  return `${metadata.name}-${status?.latestVersion ?? 0}`;
}

/**
 * Judges by what was recorded on a real control plane: conditions lag behind, so a rollout
 * is over only when the generation is observed and the newest replication controller says Complete or Failed; and it
 * is the rollout of this template only where that controller was made from it.
 */
export function judgeRollout(config: DeploymentConfig, newest: ReplicationController | undefined): Rollout {
  const { spec, status } = config;
  const version = status?.latestVersion ?? 0;
  const phase = newest?.metadata.annotations?.[ANNOTATION.phase];
  if (!isObserved(config)) return waiting('the change is not observed yet');
  if (newest && !isOver(newest))
    return running(`replication controller ${newest.metadata.name} is ${phase ?? 'new'}`);
  if (spec.paused) return { status: 'paused' };
  if (version === 0 || !newest) return waiting('no rollout has begun');
  if (!runsTemplate(newest, config))
    return waiting(`no rollout of the change has begun since version ${version}`);
  if (phase === 'Failed') return { status: 'failed', version, ...whyFailed(config, newest) };
  if (!isScaled(config)) {
    const { updatedReplicas = 0, availableReplicas = 0 } = status ?? {};
    return running(
      `${availableReplicas} of ${spec.replicas} replicas are available, ${updatedReplicas} updated`,
    );
  }
  return { status: 'complete', version };
}

/** What has started a rollout: it stands where the reason of its end should. */
const TRIGGER = /^(caused by an? )?(manual|config|image) change$/;
/** Says that it has failed, and nothing else. */
const NOTHING_NEW = /^replication controller "[^"]*" has failed progressing$/;

function whyFailed(
  { status }: DeploymentConfig,
  { metadata }: ReplicationController,
): Pick<Extract<Rollout, { status: 'failed' }>, 'why' | 'isReason'> {
  const trigger = status?.details?.message;
  const reason = metadata.annotations?.[ANNOTATION.statusReason];
  if (reason !== undefined && reason !== trigger && !TRIGGER.test(reason))
    return { why: foreignWords(reason), isReason: true };
  const progressing = status?.conditions?.find(({ type }) => type === 'Progressing');
  const said = progressing?.status === 'False' && progressing.message;
  if (!said) return { why: 'the cluster gives no reason', isReason: false };
  return { why: foreignWords(said), isReason: !NOTHING_NEW.test(said) };
}

/** Whether a look at the replication controller can tell more than that the rollout runs, or has not begun. */
export function mayBeOver(config: DeploymentConfig): boolean {
  const { spec, status } = config;
  const hasFailed = status?.conditions?.some(
    (condition) => condition.type === 'Progressing' && condition.status === 'False',
  );
  return isObserved(config) && (spec.paused === true || hasFailed === true || isScaled(config));
}

/** Complete or Failed: it stays so. */
export function isOver(newest: ReplicationController | undefined): boolean {
  const phase = newest?.metadata.annotations?.[ANNOTATION.phase];
  return phase === 'Complete' || phase === 'Failed';
}

function isObserved({ metadata, status }: DeploymentConfig): boolean {
  return (status?.observedGeneration ?? 0) >= (metadata.generation ?? 0);
}

function isScaled({ spec, status }: DeploymentConfig): boolean {
  const { updatedReplicas = 0, availableReplicas = 0, replicas = 0 } = status ?? {};
  return updatedReplicas >= spec.replicas && availableReplicas >= spec.replicas && replicas <= spec.replicas;
}

/** Whether this replication controller was made from what the DeploymentConfig holds now. */
export function runsTemplate(controller: ReplicationController, { spec }: DeploymentConfig): boolean {
  const made = controller.spec.template;
  if (!made || !isDeepStrictEqual(plain(made.spec), plain(spec.template.spec))) return false;
  const { labels = {}, annotations = {} } = spec.template.metadata ?? {};
  return holds(made.metadata?.labels, labels) && holds(made.metadata?.annotations, annotations);
}

/** The controller adds labels and annotations of its own. */
function holds(
  all: Readonly<Record<string, string>> | undefined,
  wanted: Readonly<Record<string, string>>,
): boolean {
  return Object.entries(wanted).every(([key, value]) => all?.[key] === value);
}

/** Free of what only lives in memory, so that objects from anywhere compare. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

function running(note: string): Rollout {
  return { status: 'running', begun: true, note };
}

function waiting(note: string): Rollout {
  return { status: 'running', begun: false, note };
}
