import type { FleetTenantState, Share, StateCounts } from '../../../domain/fleet/tenant/states.ts';
import { statesThat, traitsOf, WAITING } from '../../../domain/fleet/tenant/states.ts';
import type { FleetPhase } from '../../../domain/fleet/show/progress.ts';
import type { Colors } from '../../io.ts';

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
  return paintShare(traitsOf(state).share, colors)(state);
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

/** What is done comes first, and what has not begun last. */
const ORDER: readonly FleetTenantState[] = [
  ...statesThat(({ share }) => share === 'upgraded'),
  ...statesThat(({ share }) => share !== 'upgraded' && share !== 'waiting'),
  ...WAITING.toReversed(),
];

/** `412 upgraded, 12 running, 3 held, 573 pending`. */
export function renderCounts(counts: StateCounts, colors?: Colors): string {
  const parts = ORDER.filter((state) => counts[state] > 0).map((state) => {
    const text = `${counts[state]} ${state}`;
    return colors ? paintShare(traitsOf(state).share, colors)(text) : text;
  });
  return parts.join(', ');
}

/** `3 tenants`, `1 tenant`. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
