import type { TenantApi } from '../src/openshift/tenant-api.ts';
import type { Rollout } from '../src/openshift/rollout.ts';
import { judgeRollout, newestControllerName } from '../src/openshift/rollout.ts';
import type { DeploymentConfig, ReplicationController } from '../src/openshift/types.ts';
import { pausedByOthers } from './steps/pause-rollouts.ts';
import { missing, StepError } from './step-error.ts';

/** How long a rollout may take to begin by itself, and to end; the deployer's own deadlines are shorter. */
const BEGINS_WITHIN_MS = 120_000;
const ENDS_WITHIN_MS = 2 * 3_600_000;
const LOOK_AGAIN_MS = 5_000;

export interface LookedAt {
  readonly config: DeploymentConfig;
  readonly newest: ReplicationController | undefined;
  readonly rollout: Rollout;
}

/** Undefined where there is no such DeploymentConfig. */
export async function lookAtRollout(api: TenantApi, name: string): Promise<LookedAt | undefined> {
  const config = await api.get('deploymentconfigs', name);
  if (!config) return undefined;
  const newest = await api.get('replicationcontrollers', newestControllerName(config));
  return { config, newest, rollout: judgeRollout(config, newest) };
}

/** Whether what it holds has failed to roll out already, paused or not: un-pausing it would start nothing. */
export function hasFailed({ config, newest }: LookedAt): boolean {
  const unpaused = { ...config, spec: { ...config.spec, paused: false } };
  return judgeRollout(unpaused, newest).status === 'failed';
}

/**
 * Waits until what a DeploymentConfig holds runs, and returns the version that does. With `retryFailed`, a rollout
 * that is found failed at the first look is started once more: then it is an earlier attempt's.
 */
export async function waitForRollout(
  api: TenantApi,
  name: string,
  { retryFailed }: { readonly retryFailed: boolean },
): Promise<number> {
  const startedAt = performance.now();
  let mayRetry = retryFailed;
  let begun = false;
  for (;;) {
    const looked = await lookAtRollout(api, name);
    if (!looked) throw missing(`dc/${name}`);
    const { config, rollout } = looked;
    if (rollout.status === 'complete') return rollout.version;
    if (rollout.status === 'paused') throw pausedByOthers(name);
    if (rollout.status === 'failed') {
      if (!mayRetry) throw failed(name, `rollout ${rollout.version} failed: ${rollout.why}`);
      await api.instantiate(name);
    }
    mayRetry = false;
    if (rollout.status === 'running') begun ||= rollout.begun;
    const waited = performance.now() - startedAt;
    if (!begun && waited > BEGINS_WITHIN_MS) throw failed(name, 'no rollout has begun by itself');
    if (waited > ENDS_WITHIN_MS) {
      throw new StepError(
        'TimedOut',
        `dc/${name}: the rollout is not over after ${ENDS_WITHIN_MS / 60_000} minutes`,
        `Look at: oc rollout status dc/${name}; then retry.`,
      );
    }
    await api.changed('deploymentconfigs', name, config.metadata.resourceVersion ?? '', LOOK_AGAIN_MS);
  }
}

function failed(name: string, what: string): StepError {
  return new StepError(
    'RolloutFailed',
    `dc/${name}: ${what}`,
    `Look at: oc rollout history dc/${name}, and oc logs dc/${name}; put the cause right, then retry.`,
  );
}
