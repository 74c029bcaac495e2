import { getExternalWorkflowHandle } from '@temporalio/workflow';
import { estimateOf } from '../../src/domain/fleet/rules/forecast.ts';
import { isStuck } from '../../src/domain/fleet/tenant/states.ts';
import { happens } from '../../src/domain/fleet/tenant/happens.ts';
import type { UpgradeSeen } from '../../src/domain/fleet/tenant/seen.ts';
import { eventInTheWay, eventsOf } from '../../src/domain/fleet/tenant/seen.ts';
import { tenantKeyOf } from '../../src/domain/tenant/tenant.ts';
import { workflowIdOfKey } from '../../src/domain/tenant/workflow-id.ts';
import type { Fleet } from './fleet.ts';
import { lookAtUpgrades } from './look.ts';
import { catchUp, letGoOn, tellWord } from './tell.ts';
import { admitSignal } from '../tenant/messages.ts';

export async function lookAt(workflowId: string): Promise<UpgradeSeen> {
  const [seen] = await lookAtUpgrades([workflowId], true);
  return seen ?? { workflowId, status: 'none' };
}

/** What stood in the way of a start: a run of this fleet's earlier life goes on as its own, somebody else's is waited for. */
export function takeOver(fleet: Fleet, index: number, seen: UpgradeSeen): void {
  const { ledger, workflowId } = fleet;
  const event = eventInTheWay(seen, { fleet: workflowId, lastRunId: ledger.starting.get(index) });
  happens(ledger, index, event, Date.now());
  if (event.kind === 'adopted') goOnWith(fleet, index, seen);
}

function goOnWith(fleet: Fleet, index: number, seen: UpgradeSeen): void {
  const { ledger } = fleet;
  for (const event of eventsOf(seen)) happens(ledger, index, event, Date.now());
  welcome(fleet, index);
  const { urgent, takingBack } = ledger.counts.entry(index) ?? {};
  if (urgent && !takingBack && isStuck(ledger.counts.state(index)))
    tellWord(fleet, index, 'try-again', ledger.head.startedBy);
}

/** To one of the fleet's earlier life, which may have paused it, and which has not heard what was said to all since. */
function welcome(fleet: Fleet, index: number): void {
  const { paused, startedBy } = fleet.ledger.head;
  // Of its end Temporal tells nobody.
  fleet.unwatched.add(tenantKeyOf(fleet.tenant(index)));
  if (!paused || paused.newOnly) letGoOn(fleet, startedBy, [index]);
  catchUp(fleet, index);
}

/** A run of the fleet's earlier life speaks before it was met: it is the fleet's own again. */
export function takeUp(fleet: Fleet, index: number, runId: string): void {
  happens(fleet.ledger, index, { kind: 'found-under-way', runId }, Date.now());
  welcome(fleet, index);
}

/** The same of a tenant that the file no longer has: it goes on to its end, and counts for nothing. */
export function letStrangerGoOn(fleet: Fleet, key: string, runId: string): void {
  const estimate = estimateOf(fleet.ledger.forecast);
  fleet.tell(async () => {
    try {
      await getExternalWorkflowHandle(workflowIdOfKey(key), runId).signal(admitSignal, estimate);
    } catch {
      // It has ended meanwhile.
    }
  });
}
