import type { Actor } from '../../tenant/tenant.ts';
import { actorOf } from '../../tenant/tenant.ts';
import type { Book } from '../ledger.ts';
import { at } from '../spec/spec.ts';
import { beforeTakingBack, halfWay, leftOut } from '../tenant/carried.ts';
import type { EndingKind, TenantEntry } from '../tenant/entry.ts';
import { stateOf } from '../tenant/entry.ts';
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
  for (const index of book.tally.in(WAITING)) skip(book, index, nowMs);
  for (const index of [...book.again]) book.change(index, { notBeforeMs: undefined, takingBack: undefined });
}

/** Never to be started, or not again. */
export function skip(book: Book, index: number, nowMs: number): void {
  // One that was to be taken back stays what it is.
  const entry = book.tally.entry(index);
  if (entry?.takingBack) {
    const state = beforeTakingBack(entry);
    book.change(index, { state, sinceMs: nowMs, takingBack: undefined, notBeforeMs: undefined });
    return;
  }
  const left = leftOut(entry);
  // One that was lost half way, and waits to be tried again, is that still; whoever skips it knows.
  book.put(index, { ...left, ...(entry?.state === 'lost' ? { state: 'skipped' } : {}), sinceMs: nowMs });
}

/** It failed, and is not tried again by itself; false where it would not have been. */
export function leave(book: Book, index: number): boolean {
  if (book.tally.entry(index)?.notBeforeMs === undefined) return false;
  book.change(index, { notBeforeMs: undefined });
  return true;
}

/** To be started (again) by an operator's word as soon as there is a slot, also while the fleet halts. */
export function retry(book: Book, index: number, nowMs: number, withNewPlan = false): void {
  const entry = book.tally.entry(index);
  if (entry?.takingBack) return book.change(index, { notBeforeMs: nowMs });
  const newPlan = withNewPlan || entry?.newPlan === true;
  book.put(index, {
    state: 'pending',
    sinceMs: nowMs,
    attempts: entry?.attempts ?? 0,
    urgent: true,
    notBeforeMs: nowMs,
    ...(newPlan ? { newPlan } : {}),
    ...(entry?.runId === undefined ? {} : { runId: entry.runId }),
    ...halfWay(entry),
    ...(entry?.failure ? { failure: entry.failure } : {}),
  });
}

/** It is wanted after all. */
export function want(book: Book, index: number): void {
  if (book.tally.entry(index)?.unwanted) book.change(index, { unwanted: undefined });
}

/** While it is under way: should it end upgraded all the same, it is taken back then. */
export function unwant(book: Book, index: number, actor: Actor): void {
  book.change(index, { unwanted: actorOf(actor) });
}

/** An upgraded tenant, or one whose taking back was lost, to be brought back to what it was before. */
export function takeBack(book: Book, index: number, actor: Actor, nowMs: number): void {
  const from = book.tally.state(index) === 'lost' ? ({ from: 'lost' } as const) : {};
  book.change(index, { takingBack: { ...actorOf(actor), ...from }, notBeforeMs: nowMs });
}

/** Why there is nothing to take back in this tenant, of which nothing runs; undefined where there is. */
export function whyNotBack(entry: TenantEntry | null): string | undefined {
  const state = stateOf(entry);
  if (state === 'lost' && entry?.backupOf !== undefined) return undefined;
  if (state !== 'upgraded') return `it is ${state}: this fleet has nothing to take back`;
  return entry?.backupOf === undefined
    ? 'it was found upgraded: there is no backup to go back to'
    : undefined;
}
