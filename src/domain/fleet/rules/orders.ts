import type { Actor } from '../../tenant/tenant.ts';
import { actorOf } from '../../tenant/tenant.ts';
import type { Ledger } from '../ledger.ts';
import { at } from '../spec/spec.ts';
import { skipped } from '../tenant/decide.ts';
import type { EndingKind } from '../tenant/entry.ts';
import { IN_FLIGHT, WAITING } from '../tenant/states.ts';

/** Nothing new starts; with `newOnly` what is under way goes on, else it stops before its next step. */
export function pause(ledger: Ledger, actor: Actor, newOnly: boolean, nowMs: number): void {
  const paused = { ...actorOf(actor), since: new Date(nowMs).toISOString(), newOnly };
  ledger.update({ paused }, ['stoppedAt']);
  ledger.journal(
    nowMs,
    'paused',
    actor,
    newOnly ? 'nothing new starts; what is under way goes on' : undefined,
  );
}

/**
 * Ends a pause; where there is none, a halt: a fleet that halted (a budget, a wave that is taken back) while it was paused
 * starts nothing because of a resume. Where a budget is still exceeded, it halts again at once.
 */
export function resume(ledger: Ledger, actor: Actor, nowMs: number): void {
  const wasPaused = ledger.head.paused !== undefined;
  if (wasPaused) endPause(ledger);
  else ledger.update({}, ['halted']);
  ledger.journal(nowMs, 'resumed', actor, wasPaused && ledger.head.halted ? 'it is halted still' : undefined);
}

/** The next pause waits for all to stop anew. */
function endPause(ledger: Ledger): void {
  ledger.update({}, ['paused', 'stoppedAt']);
  for (const index of ledger.counts.in(IN_FLIGHT)) {
    if (ledger.counts.entry(index)?.stopped) ledger.change(index, { stopped: false });
  }
}

/** Nothing new starts until somebody has looked. */
export function halt(ledger: Ledger, why: string, nowMs: number, actor?: Actor): void {
  ledger.update({ halted: { sinceMs: nowMs, why } });
  ledger.journal(nowMs, 'halted', actor, why);
}

export function approve(ledger: Ledger, wave: number, actor: Actor, nowMs: number): void {
  ledger.waves[wave] = { ...at(ledger.waves, wave), approved: { ...actorOf(actor), atMs: nowMs } };
  ledger.journal(nowMs, 'approved', actor, at(ledger.spec.waves, wave).name);
}

/** Nothing new starts any more; what has not begun is skipped, what was to be tried again is left. */
export function end(ledger: Ledger, kind: EndingKind, actor: Actor, nowMs: number): void {
  endPause(ledger);
  ledger.update({ ending: { ...actorOf(actor), kind, atMs: nowMs } }, ['halted']);
  ledger.journal(nowMs, 'abort-requested', actor, kind);
  for (const index of ledger.counts.in(WAITING))
    ledger.put(index, skipped(ledger.counts.entry(index), nowMs));
  for (const index of [...ledger.again])
    ledger.change(index, { notBeforeMs: undefined, takingBack: undefined });
}

/** A wave or a fleet that goes back starts nothing new. True where that has ended a pause of what is under way. */
export function beginRevert(
  ledger: Ledger,
  { all, wave, ...actor }: Actor & { readonly all?: boolean; readonly wave?: string },
  nowMs: number,
): boolean {
  const { ending, paused } = ledger.head;
  if (ending) return false;
  if (all) end(ledger, 'revert', actor, nowMs);
  else if (wave !== undefined) halt(ledger, `wave ${wave} is taken back`, nowMs, actor);
  return all === true && paused !== undefined && !paused.newOnly;
}
