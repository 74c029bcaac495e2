import { getExternalWorkflowHandle, patched } from '@temporalio/workflow';
import { assertNever } from '../../src/domain/text/assert-never.ts';
import { estimateOf } from '../../src/domain/fleet/rules/forecast.ts';
import type { Word } from '../../src/domain/fleet/tenant/decide.ts';
import { LIVE } from '../../src/domain/fleet/tenant/states.ts';
import type { Actor, TenantRef } from '../../src/domain/tenant/tenant.ts';
import { actorOf } from '../../src/domain/tenant/tenant.ts';
import { workflowIdOf } from '../../src/domain/tenant/workflow-id.ts';
import type { Fleet } from './fleet.ts';
import { LOOKED_AT_ONCE, lookAtUpgrades } from './look.ts';
import { abortSignal, admitSignal, decideSignal, pauseSignal, resumeSignal } from '../tenant/messages.ts';
import { FOLLOWS_RESETS } from '../patches.ts';

/** How many tenants are told something at once. */
const TOLD_AT_ONCE = 50;

/** Lets a tenant go on that had asked for a slot. */
export function admitTenant(fleet: Fleet, index: number): void {
  const estimate = estimateOf(fleet.ledger.forecast);
  tellTenants(fleet, [index], (tenant) => tenant.signal(admitSignal, estimate));
}

type TenantHandle = ReturnType<typeof getExternalWorkflowHandle>;

interface Run {
  readonly ref: TenantRef;
  readonly workflowId: string;
  /** As the fleet started it, and as a reset has put it in its place. */
  readonly runId: string | undefined;
  readonly currentRunId: string | undefined;
}

type Say = (tenant: TenantHandle, ref: TenantRef) => Promise<void>;

/**
 * Says something to the runs of these tenants that the fleet knows: another run of the same tenant is somebody else's.
 * One that has ended need not hear it, and one that is being started is told once it is (`catchUp`).
 */
export function tellTenants(fleet: Fleet, indexes: readonly number[], say: Say): void {
  const { starting, counts } = fleet.ledger;
  const runs = indexes
    .filter((index) => !starting.has(index))
    .map((index): Run => {
      const { runId, currentRunId = runId } = counts.entry(index) ?? {};
      const ref = fleet.tenant(index);
      return { ref, workflowId: workflowIdOf(ref), runId, currentRunId };
    });
  fleet.tell(async () => {
    const missed: Run[] = [];
    for (let next = 0; next < runs.length; next += TOLD_AT_ONCE) {
      await Promise.all(
        runs.slice(next, next + TOLD_AT_ONCE).map(async (run) => {
          // Something that was said before is still on its way to where a reset has put this one.
          if (fleet.sought.has(run.workflowId)) return void missed.push({ ...run, currentRunId: undefined });
          try {
            await say(getExternalWorkflowHandle(run.workflowId, run.currentRunId), run.ref);
          } catch {
            // It was reset, or it has ended: its end is told by other ways.
            missed.push(run);
          }
        }),
      );
    }
    if (missed.length > 0 && patched(FOLLOWS_RESETS)) seek(fleet, missed, say);
  });
}

/** Nobody waits for it, as a look may take its time, but for what is said to the same tenants later. */
function seek(fleet: Fleet, missed: readonly Run[], say: Say): void {
  const ids = missed.map(({ workflowId }) => workflowId);
  const before = ids.flatMap((id) => fleet.sought.get(id) ?? []);
  const done = fleet.inBackground(async () => {
    if (before.length > 0) await Promise.all(before);
    await sayAfterReset(missed, say);
  });
  for (const id of ids) fleet.sought.set(id, done);
  void done.then(() => {
    for (const id of ids) if (fleet.sought.get(id) === done) fleet.sought.delete(id);
  });
}

/** Says it to the runs that have taken the place of these when they were reset, and to those not spoken to yet. */
async function sayAfterReset(missed: readonly Run[], say: Say): Promise<void> {
  const byId = new Map(missed.map((run) => [run.workflowId, run]));
  const ids = [...byId.keys()];
  for (let next = 0; next < ids.length; next += LOOKED_AT_ONCE) {
    for (const seen of await lookAtUpgrades(ids.slice(next, next + LOOKED_AT_ONCE), false)) {
      const run = byId.get(seen.workflowId);
      if (!run || seen.status !== 'running' || seen.runId !== run.runId) continue;
      const { currentRunId = run.currentRunId === undefined ? seen.runId : undefined } = seen;
      if (currentRunId === undefined || currentRunId === run.currentRunId) continue;
      await say(getExternalWorkflowHandle(seen.workflowId, currentRunId), run.ref).catch(() => undefined);
    }
  }
}

/** Ends the fleet's own pause in these, or in all that are under way. */
export function letGoOn(fleet: Fleet, actor: Actor, indexes = fleet.ledger.counts.in(LIVE)): void {
  tellTenants(fleet, indexes, (tenant) =>
    tenant.signal(resumeSignal, { ...actorOf(actor), of: fleet.workflowId }),
  );
}

/** Tells one what was decided about it. */
export function tellWord(fleet: Fleet, index: number, word: Word, from: Actor): void {
  const actor = actorOf(from);
  tellTenants(fleet, [index], (tenant, { namespace }) => {
    switch (word) {
      case 'try-again':
        return tenant.signal(decideSignal, { ...actor, decision: 'retry' });
      case 'go-back':
        return tenant.signal(decideSignal, { ...actor, decision: 'revert', confirm: namespace });
      case 'undo':
        // Past the point of no return it is held, and the fleet hears of it.
        return tenant.signal(abortSignal, { ...actor, late: 'hold' });
      default:
        return assertNever(word);
    }
  });
  // One that is held, or cannot be reached, says soon that it does it.
  if (word !== 'undo') fleet.ledger.awaited.set(index, Date.now());
}

/** What was said to all, or about this one, while it was being started. */
export function catchUp(fleet: Fleet, index: number): void {
  const { paused, ending } = fleet.ledger.head;
  if (paused && !paused.newOnly) {
    const actor = actorOf(paused);
    tellTenants(fleet, [index], (child) => child.signal(pauseSignal, { ...actor, of: fleet.workflowId }));
  }
  const { takingBack, unwanted } = fleet.ledger.counts.entry(index) ?? {};
  if (unwanted) tellWord(fleet, index, 'undo', unwanted);
  else if (ending?.kind === 'revert' && !takingBack) {
    const actor = actorOf(ending);
    tellTenants(fleet, [index], (child) => child.signal(abortSignal, { ...actor, late: 'finish' }));
  }
}
