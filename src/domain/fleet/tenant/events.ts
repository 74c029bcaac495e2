import { assertNever } from '../../text/assert-never.ts';
import { leftOut, shortened } from './carried.ts';
import type { TenantEntry, TenantReport } from './entry.ts';
import { changed } from './entry.ts';
import type { Around } from './run-ends.ts';
import { ended, lost } from './run-ends.ts';
import { isLive } from './states.ts';

const MINUTE_MS = 60_000;
/** How soon a tenant is tried again that somebody else upgrades; then twice as late each time. */
const OTHERS_END_MS = MINUTE_MS;
/** The same where its own last run has said how it ended, and only has to close. */
const OWN_CLOSES_MS = 5_000;
const SELDOM_MS = 15 * MINUTE_MS;

/** What happens to a tenant of a fleet. */
export type TenantEvent =
  /** A run of it is being started: it takes a slot. */
  | { readonly kind: 'started' }
  /** Temporal has given the run its id. */
  | { readonly kind: 'run-started'; readonly runId: string }
  /** Somebody else upgrades it. */
  | { readonly kind: 'refused' }
  /** Its own last run has said how it ended, but has not closed. */
  | { readonly kind: 'not-yet-closed' }
  /** Instead of the run that was being started, one of this fleet that it did not know of. */
  | { readonly kind: 'adopted'; readonly runId: string }
  /** One of which nothing was known speaks before its turn: a run of the fleet's earlier life. */
  | { readonly kind: 'found-under-way'; readonly runId: string }
  /** Its run was reset: another goes on in its place, the fleet's own still. */
  | { readonly kind: 'was-reset'; readonly runId: string; readonly currentRunId: string }
  /** It had waited for a slot and has one now. */
  | { readonly kind: 'admitted' }
  /** What its own workflow says. Reports of an older run are of the past. */
  | { readonly kind: 'reported'; readonly runId: string; readonly report: TenantReport }
  /** Its workflow was ended from outside, or without a word: its slot is free again. */
  | { readonly kind: 'lost'; readonly runId?: string; readonly why: string };

/** What becomes of a tenant by what happens: itself where that changes nothing. */
export function afterEvent(
  entry: TenantEntry | null,
  event: TenantEvent,
  around: Around,
): TenantEntry | null {
  const { nowMs } = around;
  switch (event.kind) {
    case 'started':
      return started(entry, nowMs);
    case 'found-under-way':
      return { state: 'running', sinceMs: nowMs, startedMs: nowMs, attempts: 1, runId: event.runId };
    case 'run-started':
      return entry && changed(entry, { runId: event.runId, refusals: undefined });
    case 'refused':
      return entry && queued(entry, OTHERS_END_MS, around);
    case 'not-yet-closed':
      return entry && queued(entry, OWN_CLOSES_MS, around);
    case 'adopted':
      return entry && adopted(entry, event.runId, around);
    case 'admitted':
      return entry && changed(entry, { ...inFlight(nowMs), reverting: false, admitted: entry.ask });
    case 'was-reset':
    case 'reported':
    case 'lost':
      return entry && isLive(entry.state) ? whileLive(entry, event, around) : entry;
    default:
      return assertNever(event);
  }
}

const inFlight = (sinceMs: number) => ({ state: 'running', sinceMs }) as const;

function started(before: TenantEntry | null, nowMs: number): TenantEntry {
  const { attempts = 0, failure, retried, takingBack, backupOf, runId, newPlan, urgent } = before ?? {};
  const { refusals, closed } = before ?? {};
  const byItself = before?.state === 'reverted' && !before.urgent;
  return {
    ...inFlight(nowMs),
    startedMs: nowMs,
    attempts: attempts + 1,
    ...(failure ? { failure } : {}),
    ...(newPlan ? { newPlan } : {}),
    ...(urgent ? { urgent } : {}),
    ...(refusals ? { refusals } : {}),
    ...(closed ? { closed } : {}),
    ...(byItself || retried !== undefined ? { retried: (retried ?? 0) + (byItself ? 1 : 0) } : {}),
    ...(backupOf ? { backupOf } : {}),
    ...(takingBack ? { takingBack, ...(runId ? { runId } : {}) } : {}),
  };
}

/** It is queued until what stands in its way has ended, or left out where the fleet starts nothing more. */
function queued(entry: TenantEntry, firstMs: number, { nowMs, isEnding, starting }: Around): TenantEntry {
  const attempts = entry.attempts - 1;
  if ((isEnding || entry.unwanted) && !entry.takingBack)
    return { ...leftOut(entry), attempts, sinceMs: nowMs };
  const { runId = starting?.before, refusals = 0 } = entry;
  const notBeforeMs = nowMs + Math.min(SELDOM_MS, firstMs * 2 ** refusals);
  return changed(entry, {
    ...{ state: 'queued', sinceMs: nowMs, startedMs: undefined, attempts },
    ...{ notBeforeMs, runId, refusals: refusals + 1 },
  });
}

/** It counts from here on. */
function adopted(entry: TenantEntry, runId: string, around: Around): TenantEntry {
  const { nowMs } = around;
  // The run that is to be taken back has not quite ended.
  if (entry.takingBack && entry.runId === runId) return queued(entry, OWN_CLOSES_MS, around);
  return changed(entry, { sinceMs: nowMs, startedMs: nowMs, runId });
}

function whileLive(
  entry: TenantEntry,
  event: Extract<TenantEvent, { kind: 'was-reset' | 'reported' | 'lost' }>,
  around: Around,
): TenantEntry {
  switch (event.kind) {
    case 'was-reset': {
      const { runId, currentRunId } = event;
      if (!isCurrent(entry, runId, around) || entry.currentRunId === currentRunId) return entry;
      // It counts its asks anew.
      return changed(entry, {
        ...{ runId, currentRunId },
        ...{ ask: undefined, admitted: undefined, stopped: undefined },
      });
    }
    case 'reported':
      if (!isCurrent(entry, event.runId, around)) return entry;
      return reported(entry, event.runId, event.report, around);
    case 'lost':
      if (event.runId !== undefined && (around.starting || event.runId !== entry.runId)) return entry;
      return lost(entry, event.why, around);
    default:
      return assertNever(event);
  }
}

/** Not of an older run. A report may overtake the news of its run's id. */
function isCurrent(entry: TenantEntry, runId: string, { starting }: Around): boolean {
  return starting ? runId !== starting.before : (entry.runId ?? runId) === runId;
}

function reported(entry: TenantEntry, runId: string, report: TenantReport, around: Around): TenantEntry {
  const { nowMs } = around;
  switch (report.kind) {
    case 'parked':
      return changed(entry, { state: report.kind, sinceMs: nowMs, notBeforeMs: report.opensAtMs });
    case 'held':
    case 'unreachable':
      return changed(entry, { state: report.kind, sinceMs: nowMs, failure: shortened(report.failure) });
    case 'asking': {
      const { kind: state, reverting, ask } = report;
      // It had asked again before it heard that it may go on.
      if (ask !== undefined && ask === entry.admitted) return entry;
      // It asks again from time to time: it has waited since the first.
      const sinceMs = entry.state === state ? entry.sinceMs : nowMs;
      return changed(entry, { state, sinceMs, notBeforeMs: undefined, reverting, ask });
    }
    case 'stopped':
    case 'going':
      return changed(entry, { stopped: report.kind === 'stopped' });
    case 'ended':
      return ended({ ...entry, runId }, report, around);
    default:
      return assertNever(report);
  }
}
