import { withMeasured } from '../rules/forecast.ts';
import type { Book } from '../ledger.ts';
import type { TenantEvent } from './events.ts';
import { afterEvent } from './events.ts';

const MINUTE_MS = 60_000;

/** Something happens to a tenant of a fleet; true where that changes anything. */
export function happens(book: Book, index: number, event: TenantEvent, nowMs: number): boolean {
  const before = book.tally.entry(index);
  const after = afterEvent(before, event, {
    nowMs,
    isEnding: book.head.ending !== undefined,
    ...(book.starting.has(index) ? { starting: { before: book.starting.get(index) } } : {}),
    autoRetries: book.spec.autoRetries,
    retryAfterMs: book.spec.retryAfterMinutes * MINUTE_MS,
    laterMs: (otherwiseMs) => book.windows.laterMs(book.policyOf(index), nowMs, otherwiseMs),
  });
  noteStart(book, index, event, after !== before);
  if (after === null || after === before) return false;
  if (event.kind === 'reported' && event.report.kind === 'ended' && event.report.measured)
    book.update({ measures: withMeasured(book.head.measures, event.report.measured) });
  book.put(index, after);
  return true;
}

/** Whether a run of it is being started that has no id yet. */
function noteStart(book: Book, index: number, { kind }: TenantEvent, isNews: boolean): void {
  switch (kind) {
    case 'started':
      book.starting.set(index, book.tally.entry(index)?.runId);
      return;
    case 'run-started':
    case 'refused':
    case 'not-yet-closed':
    case 'adopted':
      book.starting.delete(index);
      return;
    case 'lost':
      if (isNews) book.starting.delete(index);
      return;
    case 'found-under-way':
    case 'was-reset':
    case 'admitted':
    case 'reported':
      return;
  }
}
