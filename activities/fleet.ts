import { Context } from '@temporalio/activity';
import { WorkflowNotFoundError } from '@temporalio/common';
import { endReport } from '../src/domain/fleet/tenant/end-report.ts';
import { reportOf } from '../src/domain/fleet/tenant/report-of.ts';
import type { UpgradeSeen } from '../src/domain/fleet/tenant/seen.ts';
import type { TenantProgress } from '../src/domain/tenant/progress.ts';
import { isFinal } from '../src/domain/tenant/progress.ts';
import type { ResolvedPath } from '../src/domain/tenant/step.ts';
import { findWindow } from '../src/domain/windows/find-window.ts';
import type { FleetActivities } from './fleet-contract.ts';
import { refuseUnlessFleet } from './permitted.ts';

/** Of running workflows asked at once: each answer replays one. */
const AT_ONCE = 8;
/** A history is replayed for an answer. */
const ANSWERS_WITHIN_MS = 10_000;
const NO_PATH: ResolvedPath = { from: '0.0', to: '0.0', steps: [], hash: '' };

/** What a fleet asks of the world besides its tenants' own upgrades. Read only, and so idempotent. */
export function createFleetActivities(): FleetActivities {
  return {
    findWindows(input) {
      refuseUnlessFleet({}, caller());
      const { policies, neededMs, atMs } = input;
      return Promise.resolve(policies.map((policy) => findWindow(policy, neededMs, atMs)));
    },

    async lookAtUpgrades({ workflowIds, ask }) {
      refuseUnlessFleet({ workflowIds }, caller());
      const seen: UpgradeSeen[] = [];
      for (let next = 0; next < workflowIds.length; next += AT_ONCE) {
        const some = workflowIds.slice(next, next + AT_ONCE);
        seen.push(...(await Promise.all(some.map((workflowId) => lookAt(workflowId, ask)))));
        Context.current().heartbeat();
      }
      return seen;
    },
  };
}

const caller = (): string | undefined => Context.current().info.workflowExecution?.workflowId;

async function lookAt(workflowId: string, ask: boolean): Promise<UpgradeSeen> {
  const handle = Context.current().client.workflow.getHandle(workflowId);
  let description: Awaited<ReturnType<typeof handle.describe>>;
  try {
    description = await handle.describe();
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return { workflowId, status: 'none' };
    throw error;
  }
  const { memo, status, raw } = description;
  // One that was reset is known by the run that it began with.
  const { firstRunId } = raw.workflowExecutionInfo ?? {};
  const { runId: currentRunId } = description;
  const runId = firstRunId || currentRunId;
  const reset = currentRunId === runId ? {} : { currentRunId };
  const fleet = typeof memo?.['fleet'] === 'string' ? memo['fleet'] : undefined;
  const known = { workflowId, runId, ...reset, ...(fleet === undefined ? {} : { fleet }) };
  if (status.name === 'RUNNING') {
    const progress = ask ? await askIfAnswered(() => handle.query<TenantProgress>('progress')) : undefined;
    if (!progress) return { ...known, status: 'running' };
    const answered = { ...known, status: 'running', isAnswered: true } as const;
    if (isFinal(progress.state)) return { ...answered, isEnding: true };
    const report = reportOf(progress);
    return { ...answered, ...(report ? { report } : {}) };
  }
  if (status.name !== 'COMPLETED') return { ...known, status: 'ended-from-outside', how: status.name };
  const progress = (await handle.result()) as TenantProgress;
  if (!isFinal(progress.state)) return { ...known, status: 'ended-from-outside', how: 'COMPLETED' };
  return { ...known, status: 'ended', report: endReport(progress, progress.state, NO_PATH) };
}

/** One that gives no answer (its code fails, or nobody runs it) must not hold the fleet up: it runs, and that is known. */
async function askIfAnswered(ask: () => Promise<TenantProgress>): Promise<TenantProgress | undefined> {
  try {
    return await Context.current().client.withDeadline(Date.now() + ANSWERS_WITHIN_MS, ask);
  } catch {
    return undefined;
  }
}
