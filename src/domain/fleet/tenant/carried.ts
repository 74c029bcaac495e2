import { cutAtWord } from '../../text/cut-at-word.ts';
import type { FailureType } from '../../tenant/failure.ts';
import type { StepFailure } from '../../tenant/progress.ts';
import type { TenantEntry, TenantReport } from './entry.ts';
import type { FleetTenantState } from './states.ts';

const LONGEST_MESSAGE = 200;
/** It ends with a command to type: cut only where it would never end. */
const LONGEST_HINT = 400;

/** How a run of a tenant ended. */
export type EndReport = Extract<TenantReport, { kind: 'ended' }>;

/** The failure of a tenant of which nobody knows how far it is. */
export const LOST: FailureType = 'Lost';

/** Nobody knows how far it is, or was before it was to be tried again. */
function isLost(entry: TenantEntry | null): boolean {
  return entry?.failure?.type === LOST;
}

/** What is kept of a try that ended half way, so that a later one goes back to what was there before it. */
export function halfWay(entry: TenantEntry | null): Pick<TenantEntry, 'backupOf' | 'failure'> {
  if (entry?.backupOf === undefined) return {};
  const { backupOf, failure } = entry;
  return { backupOf, ...(failure ? { failure } : {}) };
}

/** What is kept of a tenant of which nothing runs. */
export function settledFrom(entry: TenantEntry | null) {
  const { attempts = 0, runId, currentRunId, startedMs, retried, newPlan } = entry ?? {};
  return {
    attempts,
    ...(newPlan ? { newPlan } : {}),
    ...(runId === undefined ? {} : { runId }),
    ...(currentRunId === undefined ? {} : { currentRunId }),
    ...(startedMs === undefined ? {} : { startedMs }),
    ...(retried === undefined ? {} : { retried }),
  };
}

/** How taking it back ended; blocked: there is no backup, so it is what it was; so is one of which nothing was undone. */
export function takenBack({ state, untouched }: EndReport, entry: TenantEntry): FleetTenantState {
  if (state === 'blocked' || untouched) return beforeTakingBack(entry);
  return state === 'reverted' || state === 'aborted' ? 'rolled-back' : state;
}

/** What a tenant was that is being taken back. */
export function beforeTakingBack(entry: TenantEntry): 'upgraded' | 'lost' {
  return entry.takingBack?.from ?? (isLost(entry) ? 'lost' : 'upgraded');
}

/** A run makes its own backup, or keeps to that of one that ended half way; only one that has gone back needs none. */
export function backupAfter(
  { runId, backupOf = runId, takingBack }: TenantEntry,
  end: FleetTenantState,
  { backedUp, untouched }: EndReport,
): Pick<TenantEntry, 'backupOf'> {
  const isThere = takingBack ? end === 'upgraded' || end === 'lost' : untouched || end === 'blocked';
  const isKept = backedUp || (isThere && backupOf !== runId);
  return isKept && backupOf !== undefined ? { backupOf } : {};
}

/** Not started, or not again; one that was lost half way is that still. */
export function leftOut(entry: TenantEntry | null) {
  const state: FleetTenantState = isLost(entry) ? 'lost' : 'skipped';
  return { ...settledFrom(entry), ...halfWay(entry), state };
}

/** A failure as the fleet remembers it; the tenant's own report has all of it. */
export function shortened({ type, message, hint }: StepFailure): StepFailure {
  return {
    type,
    message: cutAtWord(message, LONGEST_MESSAGE),
    ...(hint === undefined ? {} : { hint: cutAtWord(hint, LONGEST_HINT) }),
  };
}
