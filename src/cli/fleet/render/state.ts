import type { FleetTenantState, StateCounts } from '../../../domain/fleet/tenant/entry.ts';
import { FLEET_TENANT_STATES } from '../../../domain/fleet/tenant/entry.ts';
import type { FleetPhase } from '../../../domain/fleet/show/progress.ts';
import type { Colors } from '../../io.ts';

/** What became of a tenant, or may, as a bar and a colour show it. */
export type Share = 'upgraded' | 'failed' | 'under-way' | 'left-out' | 'waiting';

export function shareOf(state: FleetTenantState): Share {
  switch (state) {
    case 'upgraded':
      return 'upgraded';
    case 'running':
    case 'parked':
    case 'asking':
      return 'under-way';
    case 'pending':
    case 'queued':
      return 'waiting';
    case 'skipped':
    case 'rolled-back':
      return 'left-out';
    case 'held':
    case 'unreachable':
    case 'reverted':
    case 'blocked':
    case 'aborted':
    case 'abandoned':
    case 'lost':
      return 'failed';
  }
}

export function paintShare(share: Share, colors: Colors): (text: string) => string {
  switch (share) {
    case 'upgraded':
      return colors.green;
    case 'failed':
      return colors.red;
    case 'under-way':
      return colors.cyan;
    case 'left-out':
      return colors.yellow;
    case 'waiting':
      return colors.dim;
  }
}

export function renderTenantState(state: FleetTenantState, colors: Colors): string {
  return paintShare(shareOf(state), colors)(state);
}

export function renderPhase(phase: FleetPhase, colors: Colors): string {
  switch (phase) {
    case 'running':
    case 'waiting':
    case 'soaking':
      return colors.cyan(phase);
    case 'halted':
    case 'needs-decisions':
    case 'awaiting-approval':
      return colors.red(phase);
    case 'pausing':
    case 'paused':
    case 'aborting':
      return colors.yellow(phase);
    case 'ended':
      return colors.bold(phase);
  }
}

const ORDER: readonly FleetTenantState[] = [
  'upgraded',
  ...FLEET_TENANT_STATES.filter((state) => !['upgraded', 'pending', 'queued'].includes(state)),
  'queued',
  'pending',
];

/** `412 upgraded, 12 running, 3 held, 573 pending`. */
export function renderCounts(counts: StateCounts, colors?: Colors): string {
  const parts = ORDER.filter((state) => counts[state] > 0).map((state) => {
    const text = `${counts[state]} ${state}`;
    return colors ? paintShare(shareOf(state), colors)(text) : text;
  });
  return parts.join(', ');
}

/** `3 tenants`, `1 tenant`. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
