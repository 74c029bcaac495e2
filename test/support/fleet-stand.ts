import { Ledger } from '../../src/domain/fleet/ledger.ts';
import { NO_MEASURES } from '../../src/domain/fleet/rules/forecast.ts';
import { advance } from '../../src/domain/fleet/rules/progression.ts';
import type { FleetSpec } from '../../src/domain/fleet/spec/spec.ts';
import type { FleetState, TenantEntry } from '../../src/domain/fleet/tenant/entry.ts';
import type { FleetProgress } from '../../src/domain/fleet/show/progress.ts';
import { fleetProgress } from '../../src/domain/fleet/show/progress.ts';
import type { WindowAnswer } from '../../src/domain/windows/policy.ts';

export const NOW_MS = Date.parse('2026-11-25T12:00:00Z');
export const MINUTE_MS = 60_000;

export interface StandOptions {
  /** By the tenants' places; what is left out was never started. */
  readonly entries?: Readonly<Record<number, Partial<TenantEntry> & Pick<TenantEntry, 'state'>>>;
  readonly state?: Partial<FleetState>;
  /** What a clock has said of the first window policy. */
  readonly window?: WindowAnswer;
}

export function stateOf(spec: FleetSpec, { entries = {}, state = {} }: StandOptions): FleetState {
  return {
    startedAt: new Date(NOW_MS - 60 * MINUTE_MS).toISOString(),
    startedBy: { by: 'olga', why: 'change 4711' },
    entries: spec.tenants.map((_, index) => {
      const entry = entries[index];
      return entry ? { sinceMs: NOW_MS - 3 * MINUTE_MS, attempts: 1, ...entry } : null;
    }),
    waves: [{ startedMs: NOW_MS - 60 * MINUTE_MS }],
    measures: NO_MEASURES,
    journal: [],
    runs: 1,
    ...state,
  };
}

/** A fleet that stands so, as its own workflow would show it at NOW_MS. */
export function standOf(spec: FleetSpec, options: StandOptions = {}): FleetProgress {
  const ledger = new Ledger(spec, stateOf(spec, options));
  if (options.window) ledger.windows.note(0, { neededMs: 0, answer: options.window });
  advance(ledger, NOW_MS);
  return fleetProgress(ledger, NOW_MS);
}
