import type { ActivityOptions } from '@temporalio/workflow';
import { ActivityCancellationType, proxyActivities } from '@temporalio/workflow';
import type { TenantActivities } from '../activities/contract.ts';
import type { StepOutcome } from '../src/domain/tenant/outcome.ts';
import type { Call } from '../src/domain/tenant/step-base.ts';
import { siteTaskQueue } from '../src/domain/tenant/task-queue.ts';

/**
 * No limit of attempts: the activity boundary knows what failed and decides by RetryLimits, and its own delay goes
 * before these. What Temporal itself sees fail (a killed worker, a lost heartbeat) is always tried again.
 */
const retry = { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '60s' } as const;

/** Of what writes: an attempt whose time was up may write for a lease longer (src/procedure/claim/fence.ts), and the next one waits. */
const retryWrites = { ...retry, initialInterval: '5s' } as const;

/** Every activity beats while it runs; a worker that was killed is missed after this. */
const heartbeatTimeout = '10s';

/** Wait until the activity has let go: what it did is undone only when it does no more. */
const cancellationType = ActivityCancellationType.WAIT_CANCELLATION_COMPLETED;

/** Read only: fails only with the API, and may be dropped at any moment. */
export const looking = proxyActivities<
  Pick<TenantActivities, 'checkTenant' | 'findBackup' | 'lookForCrossing'>
>({
  startToCloseTimeout: '10m',
  heartbeatTimeout,
  retry,
  cancellationType: ActivityCancellationType.TRY_CANCEL,
});

/** Computes from its input alone: fails only where the input is wrong. */
export const computing = proxyActivities<Pick<TenantActivities, 'findWindow'>>({
  startToCloseTimeout: '1m',
  retry,
});

/** Makes a message more useful, no more: where the cluster does not answer soon, we go on without. */
export const glancing = proxyActivities<
  Pick<TenantActivities, 'listPausedDeploymentConfigs' | 'lookForCrossing'>
>({
  startToCloseTimeout: '20s',
  scheduleToCloseTimeout: '30s',
  retry: { ...retry, maximumAttempts: 3 },
});

/** A look that nothing waits for: where the cluster does not answer soon, that is told. */
export const peeking = proxyActivities<Pick<TenantActivities, 'findBackup'>>({
  startToCloseTimeout: '40s',
  scheduleToCloseTimeout: '60s',
  heartbeatTimeout,
  retry,
});

/** The last word at a tenant that is left as it is: where it cannot be said soon, what it leaves is told. */
export const parting = proxyActivities<Pick<TenantActivities, 'endUpgrade'>>({
  startToCloseTimeout: '2m',
  scheduleToCloseTimeout: '5m',
  heartbeatTimeout,
  retry: retryWrites,
});

/** A few guarded writes, and waiting for an import: fails with the API, the registry, or somebody's edit. */
const WRITES = {
  startToCloseTimeout: '30m',
  heartbeatTimeout,
  retry: retryWrites,
  cancellationType,
} as const;

/**
 * Waits for pods: fails as rollouts and hooks do, after their own deadlines (system-app's are 20 minutes each). Or runs a
 * command in a pod, whose length nobody knows and which must not be cut short.
 */
const WAITS = { startToCloseTimeout: '3h', heartbeatTimeout, retry: retryWrites, cancellationType } as const;

export const writing =
  proxyActivities<
    Pick<TenantActivities, 'backUpTenant' | 'beginRevert' | 'verifyReverted' | 'endUpgrade' | 'verifyStaged'>
  >(WRITES);

export const rolling = proxyActivities<Pick<TenantActivities, 'resumeRollouts'>>(WAITS);

/** The activities that apply steps and take them back, by what they take. */
const ON_STEPS: Readonly<Record<Call['takes'], Readonly<Record<string, OnStep>>>> = {
  writes: proxyActivities<Record<string, (input: object) => Promise<StepOutcome>>>(WRITES),
  pods: proxyActivities<Record<string, (input: object) => Promise<StepOutcome>>>(WAITS),
  command: proxyActivities<Record<string, (input: object) => Promise<StepOutcome>>>(WAITS),
};

interface OnStep {
  executeWithOptions(options: ActivityOptions, args: [object]): Promise<StepOutcome>;
}

/** The activity that a kind of step names. */
export function callOnStep(
  { activity, takes }: Call,
  options: ActivityOptions,
  input: object,
): Promise<StepOutcome> {
  const call = ON_STEPS[takes][activity];
  if (!call) throw new Error(`there is no activity ${activity}`);
  return call.executeWithOptions(options, [input]);
}

/** What one call adds to its group's options: the line that Temporal's UI shows, and who may reach the cluster. */
export function titled(summary: string, { site }: { readonly site?: string } = {}): ActivityOptions {
  return site === undefined ? { summary } : { summary, taskQueue: siteTaskQueue(site) };
}
