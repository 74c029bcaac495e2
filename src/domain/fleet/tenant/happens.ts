import { withMeasured } from '../rules/forecast.ts';
import type { Ledger } from '../ledger.ts';
import type { TenantEvent } from './events.ts';
import { afterEvent } from './events.ts';

const MINUTE_MS = 60_000;

/** Something happens to a tenant of a fleet; true where that changes anything. */
export function happens(ledger: Ledger, index: number, event: TenantEvent, nowMs: number): boolean {
  const before = ledger.counts.entry(index);
  const after = afterEvent(before, event, {
    nowMs,
    isEnding: ledger.head.ending !== undefined,
    ...(ledger.starting.has(index) ? { starting: { before: ledger.starting.get(index) } } : {}),
    autoRetries: ledger.spec.autoRetries,
    retryAfterMs: ledger.spec.retryAfterMinutes * MINUTE_MS,
    laterMs: (otherwiseMs) => ledger.windows.laterMs(ledger.policyOf(index), nowMs, otherwiseMs),
  });
  noteStart(ledger, index, event, after !== before);
  if (after === null || after === before) return false;
  if (event.kind === 'reported' && event.report.kind === 'ended' && event.report.measured)
    ledger.update({ measures: withMeasured(ledger.head.measures, event.report.measured) });
  ledger.put(index, after);
  return true;
}

/** Whether a run of it is being started that has no id yet. */
function noteStart(ledger: Ledger, index: number, { kind }: TenantEvent, isNews: boolean): void {
  switch (kind) {
    case 'started':
      ledger.starting.set(index, ledger.counts.entry(index)?.runId);
      return;
    case 'run-started':
    case 'refused':
    case 'not-yet-closed':
    case 'adopted':
      ledger.starting.delete(index);
      return;
    case 'lost':
      if (isNews) ledger.starting.delete(index);
      return;
    case 'found-under-way':
    case 'was-reset':
    case 'admitted':
    case 'reported':
      return;
  }
}
