import type { Book } from '../ledger.ts';
import { cutAtWord } from '../../text/cut-at-word.ts';
import type { StepFailure } from '../../tenant/progress.ts';
import { withMeasured } from '../rules/forecast.ts';
import type { EndReport } from './carried.ts';
import { backupAfter, halfWay, leftOut, LOST, settledFrom, takenBack } from './carried.ts';
import type { TenantEntry, TenantReport } from './entry.ts';
import { isLive } from './states.ts';

const MINUTE_MS = 60_000;
const LONGEST_MESSAGE = 200;
/** It ends with a command to type: cut only where it would never end. */
const LONGEST_HINT = 400;

/** How soon a tenant is tried again that somebody else upgrades; then twice as late each time. */
const OTHERS_END_MS = MINUTE_MS;
/** The same where its own last run has said how it ended, and only has to close. */
const OWN_CLOSES_MS = 5_000;
const SELDOM_MS = 15 * MINUTE_MS;

/** How many windows in a row may close over a tenant that has only staged: then the windows are what is wrong. */
const WINDOWS_TRIED = 3;
const WINDOW_TOO_SHORT = {
  type: 'WindowTooShort',
  message: `its window closed ${WINDOWS_TRIED} times in a row before it was staged: it needs a longer one, or onClose: finish-step`,
};

/** A run of it is being started: it takes a slot. */
export function started(book: Book, index: number, nowMs: number): void {
  const before = book.tally.entry(index);
  const { attempts = 0, failure, retried, takingBack, backupOf, runId, newPlan, urgent } = before ?? {};
  const { refusals, closed } = before ?? {};
  const byItself = before?.state === 'reverted' && !before.urgent;
  book.starting.set(index, runId);
  book.put(index, {
    state: 'running',
    sinceMs: nowMs,
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
  });
}

/** Temporal has given the run its id. */
export function runStarted(book: Book, index: number, runId: string): void {
  book.starting.delete(index);
  book.change(index, { runId, refusals: undefined });
}

/** Somebody else upgrades it: it is queued until that has ended, or left out where the fleet starts nothing more. */
export function refused(book: Book, index: number, nowMs: number): void {
  queue(book, index, nowMs, OTHERS_END_MS);
}

/** Its own last run has said how it ended, but has not closed: it is queued for the moment that takes. */
export function notYetClosed(book: Book, index: number, nowMs: number): void {
  queue(book, index, nowMs, OWN_CLOSES_MS);
}

function queue(book: Book, index: number, nowMs: number, firstMs: number): void {
  const runBefore = book.starting.get(index);
  book.starting.delete(index);
  const entry = book.tally.entry(index);
  const attempts = (entry?.attempts ?? 1) - 1;
  if ((book.head.ending || entry?.unwanted) && !entry?.takingBack) {
    book.put(index, { ...leftOut(entry), attempts, sinceMs: nowMs });
    return;
  }
  const { runId = runBefore, refusals = 0 } = entry ?? {};
  const notBeforeMs = nowMs + Math.min(SELDOM_MS, firstMs * 2 ** refusals);
  book.change(index, {
    state: 'queued',
    sinceMs: nowMs,
    startedMs: undefined,
    attempts,
    notBeforeMs,
    runId,
    refusals: refusals + 1,
  });
}

/** Instead of the run that was being started, one of this fleet that it did not know of: it counts from here on. */
export function adopted(book: Book, index: number, runId: string, nowMs: number): void {
  const { takingBack, runId: before } = book.tally.entry(index) ?? {};
  // The run that is to be taken back has not quite ended.
  if (takingBack && before === runId) return notYetClosed(book, index, nowMs);
  book.starting.delete(index);
  book.change(index, { sinceMs: nowMs, startedMs: nowMs, runId });
}

/** One of which nothing was known speaks before its turn: a run of the fleet's earlier life. It counts from here on. */
export function foundUnderWay(book: Book, index: number, runId: string, nowMs: number): void {
  book.put(index, { state: 'running', sinceMs: nowMs, startedMs: nowMs, attempts: 1, runId });
}

/** Its run was reset: another goes on in its place, the fleet's own still. True where that is news. */
export function wasReset(book: Book, index: number, runId: string, currentRunId: string): boolean {
  const entry = book.tally.entry(index);
  if (!entry || !isLive(entry.state) || !isCurrent(book, index, runId)) return false;
  if (entry.currentRunId === currentRunId) return false;
  // It counts its asks anew.
  book.change(index, { runId, currentRunId, ask: undefined, admitted: undefined, stopped: undefined });
  return true;
}

/** It had waited for a slot and has one now. */
export function admitted(book: Book, index: number, nowMs: number): void {
  const { ask } = book.tally.entry(index) ?? {};
  book.change(index, { state: 'running', sinceMs: nowMs, reverting: false, admitted: ask });
}

/** What its own workflow says. Reports of an older run are of the past. */
export function reported(
  book: Book,
  index: number,
  runId: string,
  report: TenantReport,
  nowMs: number,
): void {
  const entry = book.tally.entry(index);
  if (!entry || !isLive(entry.state) || !isCurrent(book, index, runId)) return;
  switch (report.kind) {
    case 'parked':
      book.change(index, { state: 'parked', sinceMs: nowMs, notBeforeMs: report.opensAtMs });
      return;
    case 'held':
    case 'unreachable':
      book.change(index, { state: report.kind, sinceMs: nowMs, failure: short(report.failure) });
      return;
    case 'asking': {
      const { reverting, ask } = report;
      // It had asked again before it heard that it may go on.
      if (ask !== undefined && ask === entry.admitted) return;
      // It asks again from time to time: it has waited since the first.
      const sinceMs = entry.state === 'asking' ? entry.sinceMs : nowMs;
      book.change(index, { state: 'asking', sinceMs, notBeforeMs: undefined, reverting, ask });
      return;
    }
    case 'stopped':
    case 'going':
      book.change(index, { stopped: report.kind === 'stopped' });
      return;
    case 'ended':
      ended(book, index, { ...entry, runId }, report, nowMs);
  }
}

/** Its workflow was ended from outside, or without a word: its slot is free again. */
export function lost(book: Book, index: number, runId: string | undefined, why: string, nowMs: number): void {
  const entry = book.tally.entry(index);
  if (!entry || !isLive(entry.state)) return;
  if (runId !== undefined && (book.starting.has(index) || runId !== entry.runId)) return;
  book.starting.delete(index);
  const failure = short({ type: LOST, message: why });
  const { backupOf = entry.runId, takingBack } = entry;
  book.put(index, {
    ...settledFrom(entry),
    state: 'lost',
    sinceMs: nowMs,
    failure,
    // Whether its run got as far as a backup nobody knows: it is looked for where it would be.
    ...(backupOf === undefined ? {} : { backupOf }),
    ...(takingBack ? { takingBack: { ...takingBack, from: 'lost' as const } } : {}),
    // It was wanted back while it was under way.
    ...(entry.unwanted && backupOf !== undefined
      ? { takingBack: { ...entry.unwanted, from: 'lost' as const }, notBeforeMs: nowMs }
      : {}),
  });
}

/** Not of an older run. A report may overtake the news of its run's id. */
function isCurrent(book: Book, index: number, runId: string): boolean {
  if (book.starting.has(index)) return runId !== book.starting.get(index);
  return (book.tally.entry(index)?.runId ?? runId) === runId;
}

function ended(book: Book, index: number, entry: TenantEntry, report: EndReport, nowMs: number): void {
  const { state, failure, windowClosed, measured } = report;
  if (measured) book.update({ measures: withMeasured(book.head.measures, measured) });
  const policy = book.policyOf(index);
  const { ending } = book.head;
  const closed = (entry.closed ?? 0) + 1;
  if (windowClosed && closed < WINDOWS_TRIED && !ending && !entry.takingBack && !entry.unwanted) {
    const notBeforeMs = book.windows.laterMs(policy, nowMs, MINUTE_MS);
    book.put(index, {
      ...settledFrom(entry),
      ...halfWay(entry),
      state: 'pending',
      sinceMs: nowMs,
      notBeforeMs,
      closed,
    });
    return;
  }
  const end = entry.takingBack ? takenBack(report, entry) : state;
  const comesAgain =
    end === 'reverted' &&
    !windowClosed &&
    !ending &&
    !entry.unwanted &&
    (entry.retried ?? 0) < book.spec.autoRetries;
  book.put(index, {
    ...settledFrom(entry),
    state: end,
    sinceMs: nowMs,
    ...backupAfter(entry, end, report),
    ...(failure ? { failure: short(failure) } : {}),
    ...(windowClosed && closed >= WINDOWS_TRIED ? { failure: WINDOW_TOO_SHORT } : {}),
    ...(comesAgain
      ? { notBeforeMs: book.windows.laterMs(policy, nowMs, book.spec.retryAfterMinutes * MINUTE_MS) }
      : {}),
    ...(entry.unwanted && end === 'upgraded' && report.backedUp
      ? { takingBack: entry.unwanted, notBeforeMs: nowMs }
      : {}),
  });
}

/** A failure as the fleet remembers it; the tenant's own report has all of it. */
function short({ type, message, hint }: StepFailure): StepFailure {
  return {
    type,
    message: cutAtWord(message, LONGEST_MESSAGE),
    ...(hint === undefined ? {} : { hint: cutAtWord(hint, LONGEST_HINT) }),
  };
}
