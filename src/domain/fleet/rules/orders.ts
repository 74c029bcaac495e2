import type { Actor } from '../../tenant/tenant.ts';
import { actorOf } from '../../tenant/tenant.ts';
import type { FleetRevertMessage } from '../fleet-upgrade.ts';
import type { Book } from '../ledger.ts';
import { at } from '../spec/spec.ts';
import { skipped } from '../tenant/decide.ts';
import type { EndingKind } from '../tenant/entry.ts';
import { IN_FLIGHT, WAITING } from '../tenant/states.ts';

/** Nothing new starts; with `newOnly` what is under way goes on, else it stops before its next step. */
export function pause(book: Book, actor: Actor, newOnly: boolean, nowMs: number): void {
  const paused = { ...actorOf(actor), since: new Date(nowMs).toISOString(), newOnly };
  book.update({ paused }, ['stoppedAt']);
  book.journal(nowMs, 'paused', actor, newOnly ? 'nothing new starts; what is under way goes on' : undefined);
}

/**
 * Ends a pause; where there is none, a halt: a fleet that halted (a budget, a wave that is taken back) while it was paused
 * starts nothing because of a resume. Where a budget is still exceeded, it halts again at once.
 */
export function resume(book: Book, actor: Actor, nowMs: number): void {
  const wasPaused = book.head.paused !== undefined;
  if (wasPaused) endPause(book);
  else book.update({}, ['halted']);
  book.journal(nowMs, 'resumed', actor, wasPaused && book.head.halted ? 'it is halted still' : undefined);
}

/** The next pause waits for all to stop anew. */
function endPause(book: Book): void {
  book.update({}, ['paused', 'stoppedAt']);
  for (const index of book.tally.in(IN_FLIGHT)) {
    if (book.tally.entry(index)?.stopped) book.change(index, { stopped: false });
  }
}

/** Nothing new starts until somebody has looked. */
export function halt(book: Book, why: string, nowMs: number, actor?: Actor): void {
  book.update({ halted: { sinceMs: nowMs, why } });
  book.journal(nowMs, 'halted', actor, why);
}

export function approve(book: Book, wave: number, actor: Actor, nowMs: number): void {
  book.waves[wave] = { ...at(book.waves, wave), approved: { ...actorOf(actor), atMs: nowMs } };
  book.journal(nowMs, 'approved', actor, at(book.spec.waves, wave).name);
}

/** Nothing new starts any more; what has not begun is skipped, what was to be tried again is left. */
export function end(book: Book, kind: EndingKind, actor: Actor, nowMs: number): void {
  endPause(book);
  book.update({ ending: { ...actorOf(actor), kind, atMs: nowMs } }, ['halted']);
  book.journal(nowMs, 'abort-requested', actor, kind);
  for (const index of book.tally.in(WAITING)) book.put(index, skipped(book.tally.entry(index), nowMs));
  for (const index of [...book.again]) book.change(index, { notBeforeMs: undefined, takingBack: undefined });
}

/** A wave or a fleet that goes back starts nothing new. True where that has ended a pause of what is under way. */
export function beginRevert(book: Book, { all, wave, ...actor }: FleetRevertMessage, nowMs: number): boolean {
  const { ending, paused } = book.head;
  if (ending) return false;
  if (all) end(book, 'revert', actor, nowMs);
  else if (wave !== undefined) halt(book, `wave ${wave} is taken back`, nowMs, actor);
  return all === true && paused !== undefined && !paused.newOnly;
}
