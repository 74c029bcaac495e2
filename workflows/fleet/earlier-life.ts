import { getExternalWorkflowHandle } from '@temporalio/workflow';
import type { UpgradeSeen } from '../../activities/fleet-contract.ts';
import { estimateOf } from '../../src/domain/fleet/rules/forecast.ts';
import { isStuck } from '../../src/domain/fleet/tenant/states.ts';
import {
  adopted,
  foundUnderWay,
  notYetClosed,
  refused,
  reported,
  wasReset,
} from '../../src/domain/fleet/tenant/events.ts';
import { tenantKeyOf } from '../../src/domain/tenant/tenant.ts';
import { workflowIdOfKey } from '../../src/domain/tenant/workflow-id.ts';
import type { Fleet } from './fleet.ts';
import { lookAtUpgrades } from './look.ts';
import { catchUp, letGoOn, tryAgain } from './tell.ts';
import { admitSignal } from '../tenant/messages.ts';

export async function lookAt(workflowId: string): Promise<UpgradeSeen> {
  const [seen] = await lookAtUpgrades([workflowId], true);
  return seen ?? { workflowId, status: 'none' };
}

/** What stood in the way of a start: a run of this fleet's earlier life goes on as its own, somebody else's is waited for. */
export function takeOver(fleet: Fleet, index: number, seen: UpgradeSeen): void {
  const { book, workflowId } = fleet;
  const nowMs = Date.now();
  if (seen.status !== 'running') return notYetClosed(book, index, nowMs);
  if (seen.fleet !== workflowId) return refused(book, index, nowMs);
  // Of the last run that the fleet knows, one that does not say what it is at has most likely said how it ended.
  const isLast = seen.runId === book.starting.get(index) && !seen.isAnswered;
  if (seen.isEnding || isLast) return notYetClosed(book, index, nowMs);
  adopted(book, index, seen.runId, nowMs);
  if (seen.currentRunId !== undefined) wasReset(book, index, seen.runId, seen.currentRunId);
  if (seen.report) reported(book, index, seen.runId, seen.report, nowMs);
  welcome(fleet, index);
  const { startedBy } = book.head;
  const { urgent, takingBack } = book.tally.entry(index) ?? {};
  if (urgent && !takingBack && isStuck(book.tally.state(index))) tryAgain(fleet, index, startedBy);
}

/** To one of the fleet's earlier life, which may have paused it, and which has not heard what was said to all since. */
function welcome(fleet: Fleet, index: number): void {
  const { paused, startedBy } = fleet.book.head;
  // Of its end Temporal tells nobody.
  fleet.unwatched.add(tenantKeyOf(fleet.tenant(index)));
  if (!paused || paused.newOnly) letGoOn(fleet, startedBy, [index]);
  catchUp(fleet, index);
}

/** A run of the fleet's earlier life speaks before it was met: it is the fleet's own again. */
export function takeUp(fleet: Fleet, index: number, runId: string): void {
  foundUnderWay(fleet.book, index, runId, Date.now());
  welcome(fleet, index);
}

/** The same of a tenant that the file no longer has: it goes on to its end, and counts for nothing. */
export function letStrangerGoOn(fleet: Fleet, key: string, runId: string): void {
  const estimate = estimateOf(fleet.book.forecast);
  fleet.tell(async () => {
    try {
      await getExternalWorkflowHandle(workflowIdOfKey(key), runId).signal(admitSignal, estimate);
    } catch {
      // It has ended meanwhile.
    }
  });
}
