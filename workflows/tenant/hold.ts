import { condition, patched } from '@temporalio/workflow';
import { allowedDecisions } from '../../src/domain/tenant/decisions.ts';
import type { Decision, HeldStatus, StepFailure } from '../../src/domain/tenant/progress.ts';
import { heldReport } from '../../src/domain/fleet/tenant/report-of.ts';
import type { PauseRolloutsStep } from '../../src/domain/tenant/step-kinds.ts';
import type { ResolvedPath } from '../../src/domain/tenant/step.ts';
import { glancing, titled } from '../activities.ts';
import { readFailure } from './failure.ts';
import { ABORT_HOLDS, HALF_WAY_HELD, PAUSED_EARLIER } from '../patches.ts';
import type { Upgrade } from './upgrade.ts';
import { noteUnsureAgain } from './unsure.ts';
import { waitAtMost } from '../wait-at-most.ts';
import { stepsOf } from '../../src/domain/tenant/step.ts';

/** What failed, and what may be decided about it. */
export interface HoldRequest {
  readonly stepId: string;
  readonly during: HeldStatus['during'];
  readonly failure: StepFailure;
  readonly skippable: boolean;
}

/** How long a tenant of a fleet waits whose cluster does not answer, before it tries again by itself: ever longer. */
const TRY_AGAIN_MS = { first: 15 * 60_000, longest: 4 * 3_600_000 };

/** `abort`: an abort came instead of a decision, while everything can still be undone. */
export type HoldAnswer = Decision | 'abort';

/**
 * Holds the tenant until an operator has decided, and shows what it needs meanwhile. In a fleet its slot is free then; an
 * unreachable cluster is tried again by itself.
 */
export async function hold(upgrade: Upgrade, request: HoldRequest): Promise<HoldAnswer> {
  const { control, progress } = upgrade;
  const { state, pastPointOfNoReturn } = progress.current;
  const { skippable, ...shown } = request;
  const isRevert = request.during === 'revert' && (control.abort === undefined || patched(ABORT_HOLDS));
  const pausedDeploymentConfigs = await pausedNow(upgrade);
  if (pastPointOfNoReturn) control.takeAbort();
  // An abort that is being carried out is no decision about what stands in its way: a person has to take that.
  const isAborted = (): boolean => control.abort !== undefined && !isRevert;
  if (isAborted()) return 'abort';
  progress.held({
    ...shown,
    decisions: allowedDecisions({ during: request.during, skippable, revertible: upgrade.backedUp }),
    pausedDeploymentConfigs,
    ...(request.during === 'revert' && upgrade.rolled.size > 0
      ? { rolledDeploymentConfigs: [...upgrade.rolled] }
      : {}),
  });
  upgrade.telling?.held();
  const isDecided = (): boolean => control.decision !== undefined || isAborted();
  const { permit } = upgrade;
  if (!permit) await condition(isDecided);
  else {
    const report = heldReport(request.failure);
    await permit.report(report);
    if (report.kind === 'held') await condition(isDecided);
    else await waitAtMost(tryAgainMs(upgrade), isDecided);
    const isReverting = (): boolean =>
      isRevert || control.abort !== undefined || control.decision?.decision === 'revert';
    if (control.decision?.decision !== 'abandon') await permit.regain({ isReverting });
  }
  progress.released(state);
  return control.takeDecision()?.decision ?? (isAborted() ? 'abort' : 'retry');
}

function tryAgainMs(upgrade: Upgrade): number {
  const waitsMs = Math.min(TRY_AGAIN_MS.first * 2 ** upgrade.unreachableTries, TRY_AGAIN_MS.longest);
  upgrade.unreachableTries += 1;
  return waitsMs;
}

const isUnreachable = ({ type }: StepFailure): boolean => type === 'Unreachable';

/** How an attempt ended that an operator may have been asked about. */
export type Tried<T> =
  | { readonly answer: 'done'; readonly value: T }
  | {
      readonly answer: Exclude<HoldAnswer, 'retry'>;
      readonly failure: StepFailure;
      /** What it had sent may still take effect. */
      readonly unsure: boolean;
    };

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
      const { failure, unsure } = readFailure(error);
      noteUnsureAgain(upgrade, unsure);
      if (request.during !== 'revert') {
        if (upgrade.control.abort) return { answer: 'abort', failure, unsure };
        if (revertsByPolicy(upgrade, failure)) return { answer: 'revert', failure, unsure };
      }
      const answer = await hold(upgrade, { ...request, failure });
      if (answer !== 'retry') return { answer, failure, unsure };
    }
  }
}

/**
 * After the point of no return a person decides, whatever the policy says; nothing can be undone in a cluster that does
 * not answer; and what was found half upgraded would go back to just that, and roll out.
 */
export function revertsByPolicy(upgrade: Upgrade, failure: StepFailure): boolean {
  const { input, progress } = upgrade;
  if (isUnreachable(failure)) return false;
  const { pastPointOfNoReturn, mayBePastPointOfNoReturn } = progress.current;
  if (input.onFailure !== 'revert' || pastPointOfNoReturn || mayBePastPointOfNoReturn) return false;
  return !(upgrade.foundHalfWay && patched(HALF_WAY_HELD));
}

/** What a worker has to be told of DeploymentConfigs that are none of the path's own. */
const namedBy = (step: PauseRolloutsStep, { from, to }: ResolvedPath) =>
  step.deploymentConfigs.some(({ takenAlong }) => takenAlong) ? { path: { from, to }, step } : {};

/**
 * What stands paused now. Where the cluster does not say so soon, all that we may have paused: rather too many. An earlier
 * execution may have paused it, of which history knows nothing but the backup.
 */
export async function pausedNow(upgrade: Upgrade): Promise<readonly string[]> {
  const { input, compensations, progress } = upgrade;
  const [step] = stepsOf(input.path.steps, 'pause-rollouts');
  if (!step) return [];
  const isBegun = compensations.includes(step);
  if (!isBegun && !(upgrade.backedUp && patched(PAUSED_EARLIER))) return [];
  const names = step.deploymentConfigs.map(({ name }) => name);
  try {
    return await glancing.listPausedDeploymentConfigs.executeWithOptions(
      titled('List what stands paused', input),
      [{ tenant: input.tenant, limits: input.retries, names, ...namedBy(step, input.path) }],
    );
  } catch {
    return isBegun || progress.current.backupSecret !== undefined ? names : [];
  }
}
