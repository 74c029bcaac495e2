import type { StepFailure, TenantProgress } from '../../tenant/progress.ts';
import type { TenantReport } from './entry.ts';

/** What a held tenant says to its fleet: one whose cluster does not answer needs no decision, and tries again by itself. */
export function heldReport(failure: StepFailure): Extract<TenantReport, { kind: 'held' | 'unreachable' }> {
  return { kind: failure.type === 'Unreachable' ? 'unreachable' : 'held', failure };
}

/** What a running one would say now; undefined where it works. */
export function reportOf({ held, opensAt }: TenantProgress): TenantReport | undefined {
  if (held) {
    const { evidence: _evidence, ...failure } = held.failure;
    return heldReport(failure);
  }
  return opensAt === undefined ? undefined : { kind: 'parked', opensAtMs: Date.parse(opensAt) };
}
