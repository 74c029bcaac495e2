import type { Book } from '../../src/domain/fleet/ledger.ts';
import { decide, skipped, startedAgain, toBeTakenBack } from '../../src/domain/fleet/tenant/decide.ts';
import type { TenantReport } from '../../src/domain/fleet/tenant/entry.ts';
import { tenantRef } from '../../src/domain/fleet/spec/spec.ts';
import { happens } from '../../src/domain/fleet/tenant/happens.ts';
import type { Actor } from '../../src/domain/tenant/tenant.ts';

/** What happens to one tenant, and what is decided about it, in a line each. */
export function started(book: Book, index: number, nowMs: number): void {
  happens(book, index, { kind: 'started' }, nowMs);
}

export function runStarted(book: Book, index: number, runId: string): void {
  happens(book, index, { kind: 'run-started', runId }, 0);
}

export function refused(book: Book, index: number, nowMs: number): void {
  happens(book, index, { kind: 'refused' }, nowMs);
}

export function notYetClosed(book: Book, index: number, nowMs: number): void {
  happens(book, index, { kind: 'not-yet-closed' }, nowMs);
}

export function admitted(book: Book, index: number, nowMs: number): void {
  happens(book, index, { kind: 'admitted' }, nowMs);
}

export function wasReset(book: Book, index: number, runId: string, currentRunId: string): boolean {
  return happens(book, index, { kind: 'was-reset', runId, currentRunId }, 0);
}

export function reported(
  book: Book,
  index: number,
  runId: string,
  report: TenantReport,
  nowMs: number,
): void {
  happens(book, index, { kind: 'reported', runId, report }, nowMs);
}

export function lost(book: Book, index: number, runId: string | undefined, why: string, nowMs: number): void {
  happens(book, index, { kind: 'lost', why, ...(runId === undefined ? {} : { runId }) }, nowMs);
}

export function retry(book: Book, index: number, nowMs: number, newPlan = false): void {
  book.put(index, startedAgain(book.tally.entry(index), { nowMs, newPlan }));
}

export function skip(book: Book, index: number, nowMs: number): void {
  book.put(index, skipped(book.tally.entry(index), nowMs));
}

export function takeBack(book: Book, index: number, actor: Actor, nowMs: number): void {
  const entry = book.tally.entry(index);
  if (entry) book.put(index, toBeTakenBack(entry, actor, nowMs));
}

/** Why it is refused; undefined where it is done. */
export function revert(book: Book, index: number, actor: Actor, nowMs: number): string | undefined {
  const decided = decide(
    book.tally.entry(index),
    { kind: 'revert', actor },
    { nowMs, hasEnded: false, tenant: tenantRef(book.spec, index) },
  );
  if ('refused' in decided) return decided.refused;
  if (decided.entry) book.put(index, decided.entry);
  return undefined;
}
