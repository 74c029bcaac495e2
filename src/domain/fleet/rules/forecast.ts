import type { FleetEstimate } from '../spec/spec.ts';
import type { Measured, Measures } from '../tenant/entry.ts';

/** How many of the newest count: what the cluster is like now, not what it was weeks ago. */
const KEPT = 50;
const MINUTE_MS = 60_000;

export const NO_MEASURES: Measures = { stageMs: [], switchMs: [], rollbackMs: [] };

/** How long a tenant is predicted to need, ms. */
export interface Forecast {
  readonly stageMs: number;
  readonly switchMs: number;
  readonly rollbackMs: number;
  /** How many tenants' durations it rests on; 0: on the file's estimate. */
  readonly measured: number;
}

/** Nine of ten took no longer; the estimate where nothing was measured. */
export function forecast(measures: Measures, estimate: FleetEstimate): Forecast {
  return {
    stageMs: ninetieth(measures.stageMs) ?? estimate.stageMinutes * MINUTE_MS,
    switchMs: ninetieth(measures.switchMs) ?? estimate.switchMinutes * MINUTE_MS,
    rollbackMs: ninetieth(measures.rollbackMs) ?? estimate.rollbackMinutes * MINUTE_MS,
    measured: measures.switchMs.length,
  };
}

/** For how long a window must stay open for a tenant to start: all of it, and its rollback. */
export function neededToStartMs({ stageMs, switchMs, rollbackMs }: Forecast): number {
  return stageMs + switchMs + rollbackMs;
}

/** As the tenant's own gate before the point of no return reads it. */
export function estimateOf({ switchMs, rollbackMs }: Forecast): {
  readonly switchMinutes: number;
  readonly rollbackMinutes: number;
} {
  return { switchMinutes: switchMs / MINUTE_MS, rollbackMinutes: rollbackMs / MINUTE_MS };
}

export function withMeasured(measures: Measures, { stageMs, switchMs, rollbackMs }: Measured): Measures {
  return {
    stageMs: newest(measures.stageMs, stageMs),
    switchMs: newest(measures.switchMs, switchMs),
    rollbackMs: newest(measures.rollbackMs, rollbackMs),
  };
}

/** False while the file's estimate alone counts. */
export function isMeasured({ stageMs, switchMs, rollbackMs }: Measures): boolean {
  return stageMs.length + switchMs.length + rollbackMs.length > 0;
}

function newest(kept: readonly number[], measured: number | undefined): readonly number[] {
  return measured === undefined ? kept : [...kept, Math.round(measured)].slice(-KEPT);
}

function ninetieth(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * 0.9) - 1];
}
