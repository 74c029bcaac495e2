import type { StepFailure } from '../../tenant/progress.ts';
import type { EndReport } from './carried.ts';
import { backupAfter, halfWay, LOST, settledFrom, shortened, takenBack } from './carried.ts';
import type { TenantEntry } from './entry.ts';

const MINUTE_MS = 60_000;

/** How many windows in a row may close over a tenant that has only staged: then the windows are what is wrong. */
const WINDOWS_TRIED = 3;
const WINDOW_TOO_SHORT: StepFailure = {
  type: 'WindowTooShort',
  message: `its window closed ${WINDOWS_TRIED} times in a row before it was staged: it needs a longer one, or onClose: finish-step`,
};

/** What of the fleet decides what becomes of one of its tenants. */
export interface Around {
  readonly nowMs: number;
  /** It is being aborted: nothing starts any more. */
  readonly isEnding: boolean;
  /** A run of the tenant is being started, which has no id yet; with the id of the run before. */
  readonly starting?: { readonly before: string | undefined };
  /** How often it tries by itself, and how long after. */
  readonly autoRetries: number;
  readonly retryAfterMs: number;
  /** When one that was reverted in its window may come again; where it has none, so much later. */
  readonly laterMs: (otherwiseMs: number) => number;
}

/** Nobody knows how far it is. */
export function lost(entry: TenantEntry, why: string, { nowMs }: Around): TenantEntry {
  const { backupOf = entry.runId, takingBack } = entry;
  return {
    ...settledFrom(entry),
    state: 'lost',
    sinceMs: nowMs,
    failure: shortened({ type: LOST, message: why }),
    // Whether its run got as far as a backup nobody knows: it is looked for where it would be.
    ...(backupOf === undefined ? {} : { backupOf }),
    ...(takingBack ? { takingBack: { ...takingBack, from: 'lost' as const } } : {}),
    // It was wanted back while it was under way.
    ...(entry.unwanted && backupOf !== undefined
      ? { takingBack: { ...entry.unwanted, from: 'lost' as const }, notBeforeMs: nowMs }
      : {}),
  };
}

/** It has said how it ended: it settles there, or is to be started again. */
export function ended(entry: TenantEntry, report: EndReport, around: Around): TenantEntry {
  const { state, failure, windowClosed } = report;
  const { nowMs, isEnding } = around;
  const closed = (entry.closed ?? 0) + 1;
  if (windowClosed && closed < WINDOWS_TRIED && !isEnding && !entry.takingBack && !entry.unwanted) {
    return {
      ...settledFrom(entry),
      ...halfWay(entry),
      state: 'pending',
      sinceMs: nowMs,
      notBeforeMs: around.laterMs(MINUTE_MS),
      closed,
    };
  }
  const end = entry.takingBack ? takenBack(report, entry) : state;
  const comesAgain =
    end === 'reverted' &&
    !windowClosed &&
    !isEnding &&
    !entry.unwanted &&
    (entry.retried ?? 0) < around.autoRetries;
  return {
    ...settledFrom(entry),
    state: end,
    sinceMs: nowMs,
    ...backupAfter(entry, end, report),
    ...(failure ? { failure: shortened(failure) } : {}),
    ...(windowClosed && closed >= WINDOWS_TRIED ? { failure: WINDOW_TOO_SHORT } : {}),
    ...(comesAgain ? { notBeforeMs: around.laterMs(around.retryAfterMs) } : {}),
    ...(entry.unwanted && end === 'upgraded' && report.backedUp
      ? { takingBack: entry.unwanted, notBeforeMs: nowMs }
      : {}),
  };
}
