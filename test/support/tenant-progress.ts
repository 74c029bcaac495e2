import type { StepProgress, TenantProgress } from '../../src/domain/tenant/progress.ts';

const STARTED = '2026-11-27T00:00:00.000Z';

/** So many seconds after the upgrade was started. */
export const after = (seconds: number): string =>
  new Date(Date.parse(STARTED) + seconds * 1_000).toISOString();
export const afterMs = (seconds: number): number => Date.parse(after(seconds));

export function stepProgress(id: string, more: Partial<StepProgress> = {}): StepProgress {
  return { id, title: `Roll out dc/${id}`, guide: '', status: 'pending', attempts: 0, ...more };
}

/** An upgrade of prod/3scale that was just started. */
export function tenantProgress(more: Partial<TenantProgress> = {}): TenantProgress {
  return {
    tenant: { cluster: 'https://prod:6443', context: 'prod', namespace: '3scale' },
    from: '2.3',
    to: '2.4',
    pathHash: '0123456789ab',
    state: 'switching',
    startedAt: STARTED,
    steps: [],
    findings: [],
    pastPointOfNoReturn: false,
    leftovers: [],
    journal: [{ at: STARTED, event: 'started', actor: { by: 'olga', why: 'change 4711' } }],
    states: [
      { state: 'waiting', at: STARTED },
      { state: 'switching', at: after(1) },
    ],
    ...more,
  };
}
