import { getExternalWorkflowHandle, patched } from '@temporalio/workflow';
import { estimateOf } from '../src/domain/fleet/forecast.ts';
import { LIVE } from '../src/domain/fleet/state.ts';
import type { Actor, TenantRef } from '../src/domain/tenant.ts';
import { actorOf } from '../src/domain/tenant.ts';
import { workflowIdOf } from '../src/domain/workflow-id.ts';
import type { Fleet } from './fleet.ts';
import { lookAtUpgrades } from './fleet-look.ts';
import { abortSignal, admitSignal, decideSignal, pauseSignal, resumeSignal } from './messages.ts';
import { FOLLOWS_RESETS } from './patches.ts';

/** How many tenants are told something at once. */
const TOLD_AT_ONCE = 50;

/** Lets a tenant go on that had asked for a slot. */
export function admitTenant(fleet: Fleet, index: number): void {
  const estimate = estimateOf(fleet.book.forecast);
  tellTenants(fleet, [index], (tenant) => tenant.signal(admitSignal, estimate));
}

type TenantHandle = ReturnType<typeof getExternalWorkflowHandle>;

/**
 * Says something to the runs of these tenants that the fleet knows: another run of the same tenant is somebody else's.
 * One that has ended need not hear it, and one that is being started is told once it is (`catchUp`).
 */
export function tellTenants(
  fleet: Fleet,
  indexes: readonly number[],
  say: (tenant: TenantHandle, ref: TenantRef) => Promise<void>,
): void {
  const { starting, tally } = fleet.book;
  const runs = indexes
    .filter((index) => !starting.has(index))
    .map((index) => {
      const { runId, currentRunId = runId } = tally.entry(index) ?? {};
      return { ref: fleet.tenant(index), runId, currentRunId };
    });
  fleet.tell(async () => {
    for (let next = 0; next < runs.length; next += TOLD_AT_ONCE) {
      await Promise.all(
        runs.slice(next, next + TOLD_AT_ONCE).map(async ({ ref, runId, currentRunId }) => {
          const sayTo = (run: string | undefined): Promise<boolean> =>
            say(getExternalWorkflowHandle(workflowIdOf(ref), run), ref).then(
              () => true,
              () => false,
            );
          if (await sayTo(currentRunId)) return;
          // It was reset, or it has ended: of that the fleet hears by other ways.
          const now = patched(FOLLOWS_RESETS) ? await runAfterReset(workflowIdOf(ref), runId) : undefined;
          if (now !== undefined && now !== currentRunId) await sayTo(now);
        }),
      );
    }
  });
}

/** The run that has taken the place of this one when it was reset; undefined where none has. */
async function runAfterReset(workflowId: string, runId: string | undefined): Promise<string | undefined> {
  const [seen] = await lookAtUpgrades([workflowId], false);
  return seen?.status === 'running' && seen.runId === runId ? seen.currentRunId : undefined;
}

/** Ends the fleet's own pause in these, or in all that are under way. */
export function letGoOn(fleet: Fleet, actor: Actor, indexes = fleet.book.tally.in(LIVE)): void {
  tellTenants(fleet, indexes, (tenant) =>
    tenant.signal(resumeSignal, { ...actorOf(actor), of: fleet.workflowId }),
  );
}

/** Lets one that is under way undo what it did; past the point of no return it is held, and the fleet hears of it. */
export function undo(fleet: Fleet, index: number, actor: Actor): void {
  tellTenants(fleet, [index], (tenant) => tenant.signal(abortSignal, { ...actorOf(actor), late: 'hold' }));
}

/** Lets one that is held, or cannot be reached, try again. */
export function tryAgain(fleet: Fleet, index: number, actor: Actor): void {
  tellTenants(fleet, [index], (tenant) =>
    tenant.signal(decideSignal, { ...actorOf(actor), decision: 'retry' }),
  );
  fleet.book.told.set(index, Date.now());
}

/** Lets one that is held, or cannot be reached, undo what it did; the word for the point of no return was given. */
export function goBack(fleet: Fleet, index: number, actor: Actor): void {
  tellTenants(fleet, [index], (tenant, { namespace }) =>
    tenant.signal(decideSignal, { ...actorOf(actor), decision: 'revert', confirm: namespace }),
  );
  fleet.book.told.set(index, Date.now());
}

/** What was said to all, or about this one, while it was being started. */
export function catchUp(fleet: Fleet, index: number): void {
  const { paused, ending } = fleet.book.head;
  if (paused && !paused.newOnly) {
    const actor = actorOf(paused);
    tellTenants(fleet, [index], (child) => child.signal(pauseSignal, { ...actor, of: fleet.workflowId }));
  }
  const { takingBack, unwanted } = fleet.book.tally.entry(index) ?? {};
  if (unwanted) undo(fleet, index, unwanted);
  else if (ending?.kind === 'revert' && !takingBack) {
    const actor = actorOf(ending);
    tellTenants(fleet, [index], (child) => child.signal(abortSignal, { ...actor, late: 'finish' }));
  }
}
