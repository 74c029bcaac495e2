import type { FailureEvidence } from '../domain/tenant/failure-evidence.ts';
import { because, headlineOf } from '../domain/tenant/failure-evidence.ts';
import { isOpenShiftError } from '../openshift/api-error.ts';
import type { TenantApi, TenantReader } from '../openshift/tenant-api.ts';
import type { RolloutWatch } from '../openshift/rollout-watch.ts';
import type { Rollout } from '../openshift/rollout.ts';
import { isOver, judgeRollout, mayBeOver, newestControllerName } from '../openshift/rollout.ts';
import type { DeploymentConfig, ReplicationController } from '../openshift/types.ts';
import { Witness } from './evidence/witness.ts';
import { missing, pausedByOthers, StepError } from './step-error.ts';
import type { Work } from './steps/step-module.ts';

/** How long a rollout may take to begin by itself, and to end; the deployer's own deadlines are shorter. */
const BEGINS_WITHIN_MS = 120_000;
const ENDS_WITHIN_MS = 2 * 3_600_000;
/** Conditions lag behind, so the replication controller is looked at now and then, whatever the config says. */
const LOOK_AGAIN_MS = 4_000;
/** The same where it is watched as well: a watch may have stopped telling. */
const LOOK_BESIDES_MS = 20_000;

export interface LookedAt {
  readonly config: DeploymentConfig;
  readonly rollout: Rollout;
}

/** Undefined where there is no such DeploymentConfig. */
export async function lookAtRollout(api: TenantReader, name: string): Promise<LookedAt | undefined> {
  const config = await api.get('deploymentconfigs', name);
  return config && { config, rollout: await rolloutOf(api, config) };
}

/** Where the rollout of a DeploymentConfig, as it was just read, stands. */
export async function rolloutOf(api: TenantReader, config: DeploymentConfig): Promise<Rollout> {
  return judgeRollout(config, await api.get('replicationcontrollers', newestControllerName(config)));
}

export interface Waiting {
  readonly retryUpTo?: number | undefined;
  /** Told how many of its pods are ready. */
  readonly rolls?: Work['rolls'] | undefined;
  /** Whether the ends of logs are told where it fails; default yes. */
  readonly logs?: boolean | undefined;
  /** What the rollouts of a tenant share; absent: this one has a watch of its own. */
  readonly rollouts?: (() => RolloutWatch) | undefined;
  /** How often the pods are looked at meanwhile. */
  readonly lookEveryMs?: number | undefined;
}

/**
 * Waits until what a DeploymentConfig, as it was just read or written, holds runs, and returns the version that does.
 * A rollout that failed is started once more where its version is not above `retryUpTo`: then it is an earlier attempt's.
 * What fails is told with what the cluster shows of it.
 */
export async function waitForRollout(
  api: TenantApi,
  config: DeploymentConfig,
  { logs = true, lookEveryMs, ...rest }: Waiting,
): Promise<number> {
  const { rollouts } = rest;
  const pods = rollouts && ((reader: TenantApi) => rollouts().pods(reader));
  const witness = new Witness(api, { withLogs: logs, everyMs: lookEveryMs, pods });
  try {
    return await untilOver(api, config, { ...rest, witness });
  } finally {
    witness.stop();
  }
}

async function untilOver(
  api: TenantApi,
  config: DeploymentConfig,
  {
    retryUpTo = 0,
    rolls,
    rollouts,
    witness,
  }: Pick<Waiting, 'retryUpTo' | 'rolls' | 'rollouts'> & { readonly witness: Witness },
): Promise<number> {
  const { name } = config.metadata;
  const startedAt = performance.now();
  let lookedAt = startedAt;
  let newest: ReplicationController | undefined;
  let retried = false;
  let begun = false;
  const watch = rollouts?.();
  for await (const now of watch?.follow(config, api) ?? api.follow('deploymentconfigs', config)) {
    if (!now) throw missing(`dc/${name}`);
    const subject = { deploymentConfig: name, controller: newestControllerName(now) };
    witness.watch(subject);
    const isDue = performance.now() - lookedAt >= (watch ? LOOK_BESIDES_MS : LOOK_AGAIN_MS);
    const { controller } = subject;
    const watched = watch?.controller(controller);
    if (mayBeOver(now) || isOver(watched) || isDue) {
      if (watched) newest = watched;
      if (newest?.metadata.name !== controller) newest = undefined;
      if (!isOver(newest) && (!watch || (isDue && mayBeOver(now))))
        newest = await api.get('replicationcontrollers', controller);
      if (!watch || isDue) lookedAt = performance.now();
      const rollout = judgeRollout(now, newest);
      rolls?.({ name, ready: newest?.status?.readyReplicas ?? 0, wanted: now.spec.replicas });
      if (rollout.status === 'complete') return rollout.version;
      if (rollout.status === 'paused') throw pausedByOthers(name);
      if (rollout.status === 'failed') {
        if (rollout.version > retryUpTo) throw rolloutFailed(name, rollout, await witness.evidence(subject));
        if (!retried) await startOnceMore(api, name);
        retried = true;
      }
      if (rollout.status === 'running') begun ||= rollout.begun;
    }
    const waited = performance.now() - startedAt;
    if (!begun && waited > BEGINS_WITHIN_MS) throw noneBegun(name, await witness.evidence(subject));
    if (waited > ENDS_WITHIN_MS) {
      const evidence = await witness.evidence(subject);
      throw new StepError(
        'TimedOut',
        `dc/${name}: the rollout is not over after ${ENDS_WITHIN_MS / 60_000} minutes${because(evidence)}`,
        `Look at: oc rollout status dc/${name}; then retry.`,
        { evidence },
      );
    }
  }
  throw missing(`dc/${name}`);
}

/** What is paused is refused. */
async function startOnceMore(api: TenantApi, name: string): Promise<void> {
  try {
    await api.instantiate(name);
  } catch (error) {
    const isPaused =
      isOpenShiftError(error, 'Invalid') && (await api.get('deploymentconfigs', name))?.spec.paused;
    throw isPaused ? pausedByOthers(name) : error;
  }
}

/** What the cluster says where it does; what its pods show otherwise. What has started it is no reason. */
function rolloutFailed(
  name: string,
  { version, why, isReason }: Extract<Rollout, { status: 'failed' }>,
  evidence: FailureEvidence,
): StepError {
  const reason = isReason ? why : (headlineOf(evidence) ?? why);
  return failed(name, `rollout ${version} failed: ${reason}`, evidence);
}

function noneBegun(name: string, evidence: FailureEvidence): StepError {
  return failed(name, `no rollout has begun by itself${because(evidence)}`, evidence);
}

function failed(name: string, what: string, evidence: FailureEvidence): StepError {
  return new StepError(
    'RolloutFailed',
    `dc/${name}: ${what}`,
    `Look at: oc rollout history dc/${name}, and oc logs dc/${name}; put the cause right, then retry.`,
    { evidence },
  );
}
