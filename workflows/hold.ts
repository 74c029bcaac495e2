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

/** How an attempt ended that an operator may have been asked about. */
export type Tried<T> =
  | { readonly answer: 'done'; readonly value: T }
  | { readonly answer: Exclude<HoldAnswer, 'retry'>; readonly failure: StepFailure };

/**
 * Tries until it is done or something else than `retry` is decided: by the policy while that may (`revert`), by an
 * operator otherwise.
 */
export async function untilDecided<T>(
  upgrade: Upgrade,
  request: Omit<HoldRequest, 'failure'>,
  work: () => Promise<T>,
): Promise<Tried<T>> {
  for (;;) {
    try {
      return { answer: 'done', value: await work() };
    } catch (error) {
      const { failure } = readFailure(error);
      if (request.during !== 'revert') {
        if (upgrade.control.abort) return { answer: 'abort', failure };
        if (revertsByPolicy(upgrade)) return { answer: 'revert', failure };
      }
      const answer = await hold(upgrade, { ...request, failure });
      if (answer !== 'retry') return { answer, failure };
    }
  }
}

/** After the point of no return a person decides, whatever the policy says. */
export function revertsByPolicy({ input, progress }: Upgrade): boolean {
  return input.onFailure === 'revert' && !progress.current.pastPointOfNoReturn;
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
