/** A maintenance window: opens by a cron line read in an IANA zone, and stays open for a time. */
export interface MaintenanceWindow {
  /** Five fields, `0 22 * * 6`. */
  readonly opens: string;
  readonly durationMinutes: number;
  /** `Europe/Berlin`; daylight saving is the zone's. */
  readonly zone: string;
}

/** No change is made from `from` (inclusive) to `to` (exclusive); ISO dates or date-times, read in `zone`. */
export interface Freeze {
  readonly from: string;
  readonly to: string;
  readonly zone: string;
  readonly name?: string;
}

export interface WindowPolicy {
  /** None: always open, but for the freezes. */
  readonly windows: readonly MaintenanceWindow[];
  readonly freezes: readonly Freeze[];
  /** Estimates used to ask whether what is left still fits, until there are measurements. */
  readonly estimate?: { readonly switchMinutes: number; readonly rollbackMinutes: number };
}

/** Where time stands in the windows, computed in an activity so that the zone tables used are in history. */
export type WindowAnswer =
  /** `closesAtMs` absent: never closes. */
  | { readonly status: 'open'; readonly closesAtMs?: number }
  /** What is left does not fit before `closesAtMs`; the next window long enough opens at `opensAtMs`. */
  | { readonly status: 'does-not-fit'; readonly closesAtMs: number; readonly opensAtMs: number }
  | { readonly status: 'closed'; readonly opensAtMs: number; readonly because: 'window' | 'freeze' }
  /** No moment within the next two years is inside a window, outside every freeze, and long enough. */
  | { readonly status: 'never'; readonly why: string };

/** True where no answer of a clock can close it: then nobody needs to be asked. */
export function isAlwaysOpen(policy: WindowPolicy): boolean {
  return policy.windows.length === 0 && policy.freezes.length === 0;
}

/** What the switch and its rollback are taken to need where nothing was measured. */
const DEFAULT_ESTIMATE = { switchMinutes: 30, rollbackMinutes: 30 };

/** How long a window must still be open for the point of no return to be crossed: the switch, and its rollback. */
export function neededForSwitchMs(policy: WindowPolicy): number {
  const { switchMinutes, rollbackMinutes } = policy.estimate ?? DEFAULT_ESTIMATE;
  return (switchMinutes + rollbackMinutes) * 60_000;
}

/**
 * What a tenant does whose window closes while it is under way. `finish-step`: waits before its next step.
 * `finish-tenant`: goes on to its end. `revert-staged`: undoes what is only staged and comes again in a later window;
 * once its pods have begun to roll it goes on.
 */
export type OnClose = 'finish-step' | 'finish-tenant' | 'revert-staged';
