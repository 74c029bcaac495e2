import { begunWaves, hasBegun, strictRoomFor } from './admission.ts';
import type { Book } from '../ledger.ts';
import type { Overrun } from './budget.ts';
import { exceeded, strictRoom } from './budget.ts';
import { neededToStartMs } from './forecast.ts';
import { at } from '../spec/spec.ts';
import { halt } from './orders.ts';
import type { StateCounts } from '../tenant/states.ts';
import { countOf, countsByBudget, IN_FLIGHT, MAY_FAIL, STUCK, UNDER_WAY, WAITING } from '../tenant/states.ts';

const MINUTE_MS = 60_000;
/** How long a tenant may take to say that it does what it was told. */
const TOLD_SETTLES_MS = MINUTE_MS;
/** How long an aborted fleet waits for held tenants to say that they undo what they did. */
const ABORT_SETTLES_MS = MINUTE_MS;

/** Begins and ends waves, halts where a budget is exceeded, notes when a pause has reached all. Call after any change. */
export function advance(book: Book, nowMs: number): void {
  while (advanceWave(book, nowMs));
  judge(book, nowMs);
  noteStopped(book, nowMs);
}

/** True where nothing is left to do, and nothing waits for anybody. */
export function isOver(book: Book, nowMs: number): boolean {
  const { tally, head, again } = book;
  const { counts } = tally;
  if (countOf(counts, UNDER_WAY) > 0 || awaitsTold(book, nowMs)) return false;
  const stuck = countOf(counts, STUCK);
  if (!head.ending) return countOf(counts, WAITING) + stuck + again.size === 0;
  const isSettled = stuck === 0 || nowMs >= head.ending.atMs + ABORT_SETTLES_MS;
  return again.size === 0 && isSettled;
}

/** True while some that were told what to do may say so any moment; they may refuse, so that it does not last. */
export function awaitsTold({ told }: Book, nowMs: number): boolean {
  return [...told.values()].some((atMs) => nowMs < atMs + TOLD_SETTLES_MS);
}

/** The next moment at which time alone changes something, ms; undefined where it changes nothing. */
export function nextWakeMs(book: Book, nowMs: number): number | undefined {
  const { head, spec, tally, windows } = book;
  const neededMs = neededToStartMs(book.forecast);
  const moments = [
    soakEndsMs(book),
    ...[...book.again].map((index) => tally.entry(index)?.notBeforeMs),
    ...spec.windows.map((_, policy) => windows.nextChangeMs(policy, neededMs)),
    head.ending && head.ending.atMs + ABORT_SETTLES_MS,
    ...[...book.told.values()].map((atMs) => atMs + TOLD_SETTLES_MS),
  ].filter((moment): moment is number => moment !== undefined && moment > nowMs);
  return moments.length > 0 ? Math.min(...moments) : undefined;
}

/** When the waves before the one that comes next have been left alone long enough; undefined where none comes. */
export function soakEndsMs({ currentWave, waves, spec }: Book): number | undefined {
  if (waves[currentWave]?.startedMs !== undefined || currentWave >= waves.length) return undefined;
  const ends = waves.slice(0, currentWave).map(({ doneMs = 0 }, wave) => {
    const { tenants, soakMinutes } = at(spec.waves, wave);
    return tenants > 0 ? doneMs + soakMinutes * MINUTE_MS : 0;
  });
  return Math.max(0, ...ends);
}

/** The wave that waits for nothing but somebody's word. */
export function awaitsApproval(book: Book, nowMs: number): number | undefined {
  const { currentWave, waves, spec, head } = book;
  const next = waves[currentWave];
  if (!next || next.startedMs !== undefined || head.ending || nowMs < (soakEndsMs(book) ?? 0))
    return undefined;
  return at(spec.waves, currentWave).approval === 'required' && !next.approved ? currentWave : undefined;
}

/** One step of the current wave; false where it stays as it is. */
function advanceWave(book: Book, nowMs: number): boolean {
  const { currentWave, waves, spec, tally } = book;
  const wave = waves[currentWave];
  if (!wave) return false;
  const { name, tenants } = at(spec.waves, currentWave);
  if (tenants === 0) {
    waves[currentWave] = { ...wave, startedMs: nowMs, doneMs: nowMs };
    return true;
  }
  if (wave.startedMs === undefined) {
    const waits = nowMs < (soakEndsMs(book) ?? 0) || awaitsApproval(book, nowMs) !== undefined;
    if (waits || book.head.ending) return false;
    waves[currentWave] = { ...wave, startedMs: nowMs };
    book.journal(nowMs, 'wave-started', undefined, name);
    return true;
  }
  if (tally.unfinishedOf(currentWave) > 0) return false;
  waves[currentWave] = { ...wave, doneMs: nowMs };
  book.journal(nowMs, 'wave-done', undefined, name);
  return true;
}

function judge(book: Book, nowMs: number): void {
  if (book.head.halted || book.head.ending) return;
  const over = overrun(book);
  if (over) halt(book, over.why, nowMs);
}

/** The failure budget that lets nothing more start; undefined where none is used up. */
export function overrun(book: Book): Overrun | undefined {
  const { spec, tally } = book;
  const ofFleet = exceeded(spec.failureBudget, tally.counts, tally.size);
  if (ofFleet) return { ...ofFleet, why: `the fleet: ${ofFleet.why}` };
  for (const [wave, { name, failureBudget, tenants }] of spec.waves.entries()) {
    const ofWave = exceeded(failureBudget, tally.countsOf(wave), tenants);
    if (ofWave) return { ...ofWave, wave: name, why: `wave ${name}: ${ofWave.why}` };
  }
  return strictStandstill(book);
}

/** A strict budget may leave no room for anybody who waits while none is under way: then nothing would ever start. */
function strictStandstill(book: Book): Overrun | undefined {
  const { spec, tally } = book;
  if (countOf(tally.counts, MAY_FAIL) > 0) return undefined;
  const fresh = begunWaves(book).flatMap((wave) =>
    [...book.lanes.of(wave)].flatMap(({ waiting: [index] }) => index ?? []),
  );
  const again = [...book.again].filter(
    (index) => hasBegun(book, index) && !book.tally.entry(index)?.takingBack,
  );
  const next = [...fresh, ...again];
  const [first] = next;
  if (first === undefined || next.some((index) => strictRoomFor(book, index) > 0)) return undefined;
  const why = 'the strict failure budget leaves no room for another tenant';
  const needs = (counts: StateCounts): number => countsByBudget(counts).failed + 1;
  if (strictRoom(spec.failureBudget, tally.counts, tally.size) <= 0)
    return { why, kind: 'failed', needs: needs(tally.counts) };
  const wave = tally.waveOf(first);
  return { why, kind: 'failed', wave: at(spec.waves, wave).name, needs: needs(tally.countsOf(wave)) };
}

function noteStopped(book: Book, nowMs: number): void {
  const { paused, stoppedAt } = book.head;
  if (!paused || paused.newOnly) return;
  const isMoving = book.tally.in(IN_FLIGHT).some((index) => !book.tally.entry(index)?.stopped);
  // One that undoes what it did is let go on: while it does, not all have stopped.
  if (isMoving && stoppedAt !== undefined) book.update({}, ['stoppedAt']);
  if (isMoving || stoppedAt !== undefined) return;
  book.update({ stoppedAt: new Date(nowMs).toISOString() });
  book.journal(nowMs, 'stopped', undefined, 'everything under way has stopped');
}
