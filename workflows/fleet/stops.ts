import { end, pause, resume } from '../../src/domain/fleet/rules/orders.ts';
import type { EndingKind } from '../../src/domain/fleet/tenant/entry.ts';
import { LIVE } from '../../src/domain/fleet/tenant/states.ts';
import type { Actor } from '../../src/domain/tenant/tenant.ts';
import { known } from '../known-actor.ts';
import { abortSignal, pauseSignal } from '../tenant/messages.ts';
import type { Fleet } from './fleet.ts';
import { letGoOn, tellTenants } from './tell.ts';

/** It changes nothing: who has said it, and why, stands in the report. */
function noteOnly(
  { ledger }: Fleet,
  event: Parameters<Fleet['ledger']['journal']>[1],
  message: Partial<Actor>,
  detail: string,
): void {
  ledger.journal(Date.now(), event, known(message), detail);
}

/** Nothing new starts; but for `newOnly`, what is under way stops as well. */
export function onPause(fleet: Fleet, message: Partial<Actor> & { readonly newOnly?: boolean }): void {
  const { ledger } = fleet;
  const newOnly = message.newOnly === true;
  const { paused } = ledger.head;
  // A pause of everything goes beyond one of the new only; else the first one counts.
  if (paused && (newOnly || !paused.newOnly))
    return noteOnly(fleet, 'paused', message, `it was paused already, by ${paused.by}`);
  const actor = known(message);
  pause(ledger, actor, newOnly, Date.now());
  if (!newOnly) tellLive(fleet, (tenant) => tenant.signal(pauseSignal, { ...actor, of: fleet.workflowId }));
  fleet.touch();
}

/** Ends a pause, or, where there is none, a halt. */
export function onResume(fleet: Fleet, message: Partial<Actor>): void {
  const { paused, halted } = fleet.ledger.head;
  if (!paused && !halted) return noteOnly(fleet, 'resumed', message, 'it was neither paused nor halted');
  const actor = known(message);
  resume(fleet.ledger, actor, Date.now());
  if (paused && !paused.newOnly) letGoOn(fleet, actor);
  fleet.touch();
}

/** Starts nothing more; what is under way finishes, or is undone where it can be. */
export function onAbort(fleet: Fleet, message: Partial<Actor>, kind: EndingKind): void {
  const { ending, paused } = fleet.ledger.head;
  if (ending?.kind === kind || ending?.kind === 'revert')
    return noteOnly(
      fleet,
      'abort-requested',
      message,
      `${kind}: ${ending.by} has asked for ${ending.kind} already`,
    );
  const actor = known(message);
  end(fleet.ledger, kind, actor, Date.now());
  if (kind === 'revert') {
    const { counts } = fleet.ledger;
    const undone = counts.in(LIVE).filter((index) => !counts.entry(index)?.takingBack);
    tellTenants(fleet, undone, (tenant) => tenant.signal(abortSignal, { ...actor, late: 'finish' }));
  }
  if (paused && !paused.newOnly) letGoOn(fleet, actor);
  fleet.touch();
}

function tellLive(fleet: Fleet, say: Parameters<typeof tellTenants>[2]): void {
  tellTenants(fleet, fleet.ledger.counts.in(LIVE), say);
}
