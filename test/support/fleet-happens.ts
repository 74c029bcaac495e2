import type { Ledger } from '../../src/domain/fleet/ledger.ts';
import { decide, skipped, startedAgain, toBeTakenBack } from '../../src/domain/fleet/tenant/decide.ts';
import type { TenantReport } from '../../src/domain/fleet/tenant/entry.ts';
import { tenantRef } from '../../src/domain/fleet/spec/spec.ts';
import { happens } from '../../src/domain/fleet/tenant/happens.ts';
import type { Actor } from '../../src/domain/tenant/tenant.ts';

/** What happens to one tenant, and what is decided about it, in a line each. */
export function started(ledger: Ledger, index: number, nowMs: number): void {
  happens(ledger, index, { kind: 'started' }, nowMs);
}

export function runStarted(ledger: Ledger, index: number, runId: string): void {
  happens(ledger, index, { kind: 'run-started', runId }, 0);
}

export function refused(ledger: Ledger, index: number, nowMs: number): void {
  happens(ledger, index, { kind: 'refused' }, nowMs);
}

export function notYetClosed(ledger: Ledger, index: number, nowMs: number): void {
  happens(ledger, index, { kind: 'not-yet-closed' }, nowMs);
}

export function admitted(ledger: Ledger, index: number, nowMs: number): void {
  happens(ledger, index, { kind: 'admitted' }, nowMs);
}

export function wasReset(ledger: Ledger, index: number, runId: string, currentRunId: string): boolean {
  return happens(ledger, index, { kind: 'was-reset', runId, currentRunId }, 0);
}

export function reported(
  ledger: Ledger,
  index: number,
  runId: string,
  report: TenantReport,
  nowMs: number,
): void {
  happens(ledger, index, { kind: 'reported', runId, report }, nowMs);
}

export function lost(
  ledger: Ledger,
  index: number,
  runId: string | undefined,
  why: string,
  nowMs: number,
): void {
  happens(ledger, index, { kind: 'lost', why, ...(runId === undefined ? {} : { runId }) }, nowMs);
}

export function retry(ledger: Ledger, index: number, nowMs: number, newPlan = false): void {
  ledger.put(index, startedAgain(ledger.counts.entry(index), { nowMs, newPlan }));
}

export function skip(ledger: Ledger, index: number, nowMs: number): void {
  ledger.put(index, skipped(ledger.counts.entry(index), nowMs));
}

export function takeBack(ledger: Ledger, index: number, actor: Actor, nowMs: number): void {
  const entry = ledger.counts.entry(index);
  if (entry) ledger.put(index, toBeTakenBack(entry, actor, nowMs));
}

/** Why it is refused; undefined where it is done. */
export function revert(ledger: Ledger, index: number, actor: Actor, nowMs: number): string | undefined {
  const decided = decide(
    ledger.counts.entry(index),
    { kind: 'revert', actor },
    { nowMs, hasEnded: false, tenant: tenantRef(ledger.spec, index) },
  );
  if ('refused' in decided) return decided.refused;
  if (decided.entry) ledger.put(index, decided.entry);
  return undefined;
}
