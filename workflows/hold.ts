import { condition } from '@temporalio/workflow';
import { allowedDecisions } from '../src/domain/decisions.ts';
import type { Decision, HeldStatus, StepFailure } from '../src/domain/progress.ts';
import { glancing, titled } from './activities.ts';
import { readFailure } from './failure.ts';
import type { Upgrade } from './upgrade.ts';

/** What failed, and what may be decided about it. */
export interface HoldRequest {
  readonly stepId: string;
  readonly during: HeldStatus['during'];
  readonly failure: StepFailure;
  readonly skippable: boolean;
}

/** `abort`: an abort came instead of a decision, while everything can still be undone. */
export type HoldAnswer = Decision | 'abort';

/** Holds the tenant until an operator has decided, and shows what it needs meanwhile. */
export async function hold(upgrade: Upgrade, request: HoldRequest): Promise<HoldAnswer> {
  const { control, progress } = upgrade;
  const { state, pastPointOfNoReturn } = progress.current;
  const { skippable, ...shown } = request;
  const pausedDeploymentConfigs = await pausedNow(upgrade);
  if (pastPointOfNoReturn) control.takeAbort();
  if (control.abort) return 'abort';
  progress.held({
    ...shown,
    decisions: allowedDecisions({ during: request.during, skippable, revertible: upgrade.backedUp }),
    pausedDeploymentConfigs,
  });
  await condition(() => control.decision !== undefined || control.abort !== undefined);
  progress.released(state);
  return control.takeDecision()?.decision ?? 'abort';
}

/** Tries, and holds the tenant at each failure, until it is done or something else than `retry` is decided. */
export async function untilDecided(
  upgrade: Upgrade,
  request: Omit<HoldRequest, 'failure'>,
  work: () => Promise<void>,
): Promise<'done' | Exclude<HoldAnswer, 'retry'>> {
  for (;;) {
    try {
      await work();
      return 'done';
    } catch (error) {
      if (upgrade.control.abort && request.during !== 'revert') return 'abort';
      const answer = await hold(upgrade, { ...request, failure: readFailure(error).failure });
      if (answer !== 'retry') return answer;
    }
  }
}

/** What stands paused now. Where the cluster does not say so soon, all that we may have paused: rather too many. */
export async function pausedNow({ input, compensations }: Upgrade): Promise<readonly string[]> {
  const paused = compensations.find((step) => step.kind === 'pause-rollouts');
  if (!paused) return [];
  const names = paused.deploymentConfigs.map(({ name }) => name);
  try {
    return await glancing.listPausedDeploymentConfigs.executeWithOptions(titled('List what stands paused'), [
      { tenant: input.tenant, limits: input.retries, names },
    ]);
  } catch {
    return names;
  }
}
