import { isOpenShiftError } from '../src/openshift/api-error.ts';
import type { TenantApi, TenantReader } from '../src/openshift/tenant-api.ts';
import type { Rollout } from '../src/openshift/rollout.ts';
import { isOver, judgeRollout, mayBeOver, newestControllerName } from '../src/openshift/rollout.ts';
import type { DeploymentConfig, ReplicationController } from '../src/openshift/types.ts';
import { pausedByOthers } from './steps/pause-rollouts.ts';
import { missing, StepError } from './step-error.ts';
import type { Work } from './step-module.ts';

/** How long a rollout may take to begin by itself, and to end; the deployer's own deadlines are shorter. */
const BEGINS_WITHIN_MS = 120_000;
const ENDS_WITHIN_MS = 2 * 3_600_000;
/** Conditions lag behind, so the replication controller is looked at now and then, whatever the config says. */
const LOOK_AGAIN_MS = 4_000;

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

/**
 * Waits until what a DeploymentConfig, as it was just read or written, holds runs, and returns the version that does.
 * A rollout that failed is started once more where its version is not above `retryUpTo`: then it is an earlier attempt's.
 */
export async function waitForRollout(
  api: TenantApi,
  config: DeploymentConfig,
  {
    retryUpTo = 0,
    rolls,
  }: { readonly retryUpTo?: number | undefined; readonly rolls?: Work['rolls'] | undefined },
): Promise<number> {
  const { name } = config.metadata;
  const startedAt = performance.now();
  let lookedAt = startedAt;
  let newest: ReplicationController | undefined;
  let retried = false;
  let begun = false;
  for await (const now of api.follow('deploymentconfigs', config)) {
    if (!now) throw missing(`dc/${name}`);
    if (mayBeOver(now) || performance.now() - lookedAt >= LOOK_AGAIN_MS) {
      lookedAt = performance.now();
      const controller = newestControllerName(now);
      if (newest?.metadata.name !== controller || !isOver(newest))
        newest = await api.get('replicationcontrollers', controller);
      const rollout = judgeRollout(now, newest);
      rolls?.({ name, ready: newest?.status?.readyReplicas ?? 0, wanted: now.spec.replicas });
      if (rollout.status === 'complete') return rollout.version;
      if (rollout.status === 'paused') throw pausedByOthers(name);
      if (rollout.status === 'failed') {
        const { version, why } = rollout;
        if (version > retryUpTo) throw failed(name, `rollout ${version} failed: ${why}`);
        if (!retried) await startOnceMore(api, name);
        retried = true;
      }
      if (rollout.status === 'running') begun ||= rollout.begun;
    }
    const waited = performance.now() - startedAt;
    if (!begun && waited > BEGINS_WITHIN_MS) throw failed(name, 'no rollout has begun by itself');
    if (waited > ENDS_WITHIN_MS) {
      throw new StepError(
        'TimedOut',
        `dc/${name}: the rollout is not over after ${ENDS_WITHIN_MS / 60_000} minutes`,
        `Look at: oc rollout status dc/${name}; then retry.`,
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

function failed(name: string, what: string): StepError {
  return new StepError(
    'RolloutFailed',
    `dc/${name}: ${what}`,
    `Look at: oc rollout history dc/${name}, and oc logs dc/${name}; put the cause right, then retry.`,
  );
}
