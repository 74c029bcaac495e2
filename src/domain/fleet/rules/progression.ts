import { begunWaves, hasBegun, strictRoomFor } from './admission.ts';
import type { Ledger } from '../ledger.ts';
import type { Overrun } from './budget.ts';
import { exceeded, strictRoom } from './budget.ts';
import { neededToStartMs } from './forecast.ts';
import { at } from '../spec/spec.ts';
import { halt } from './orders.ts';
import type { StateCounts } from '../tenant/states.ts';
import { countOf, countsByBudget, IN_FLIGHT, MAY_FAIL, STUCK, UNDER_WAY, WAITING } from '../tenant/states.ts';

const MINUTE_MS = 60_000;
/** How long a tenant may take to say that it does what it was told. */
const ANSWER_SETTLES_MS = MINUTE_MS;
/** How long an aborted fleet waits for held tenants to say that they undo what they did. */
const ABORT_SETTLES_MS = MINUTE_MS;

/** Begins and ends waves, halts where a budget is exceeded, notes when a pause has reached all. Call after any change. */
export function advance(ledger: Ledger, nowMs: number): void {
  while (advanceWave(ledger, nowMs));
  judge(ledger, nowMs);
  noteStopped(ledger, nowMs);
}

/** True where nothing is left to do, and nothing waits for anybody. */
export function isOver(ledger: Ledger, nowMs: number): boolean {
  const { counts, head, again } = ledger;
  const { ofFleet } = counts;
  if (countOf(ofFleet, UNDER_WAY) > 0 || awaitsAnswer(ledger, nowMs)) return false;
  const stuck = countOf(ofFleet, STUCK);
  if (!head.ending) return countOf(ofFleet, WAITING) + stuck + again.size === 0;
  const isSettled = stuck === 0 || nowMs >= head.ending.atMs + ABORT_SETTLES_MS;
  return again.size === 0 && isSettled;
}

/** True while some that were told what to do may say so any moment; they may refuse, so that it does not last. */
export function awaitsAnswer({ awaited }: Ledger, nowMs: number): boolean {
  return [...awaited.values()].some((atMs) => nowMs < atMs + ANSWER_SETTLES_MS);
}

/** The next moment at which time alone changes something, ms; undefined where it changes nothing. */
export function nextWakeMs(ledger: Ledger, nowMs: number): number | undefined {
  const { head, spec, counts, windows } = ledger;
  const neededMs = neededToStartMs(ledger.forecast);
  const moments = [
    soakEndsMs(ledger),
    ...[...ledger.again].map((index) => counts.entry(index)?.notBeforeMs),
    ...spec.windows.map((_, policy) => windows.nextChangeMs(policy, neededMs)),
    head.ending && head.ending.atMs + ABORT_SETTLES_MS,
    ...[...ledger.awaited.values()].map((atMs) => atMs + ANSWER_SETTLES_MS),
  ].filter((moment): moment is number => moment !== undefined && moment > nowMs);
  return moments.length > 0 ? Math.min(...moments) : undefined;
}

/** When the waves before the one that comes next have been left alone long enough; undefined where none comes. */
export function soakEndsMs({ currentWave, waves, spec }: Ledger): number | undefined {
  if (waves[currentWave]?.startedMs !== undefined || currentWave >= waves.length) return undefined;
  const ends = waves.slice(0, currentWave).map(({ doneMs = 0 }, wave) => {
    const { tenants, soakMinutes } = at(spec.waves, wave);
    return tenants > 0 ? doneMs + soakMinutes * MINUTE_MS : 0;
  });
  return Math.max(0, ...ends);
}

/** The wave that waits for nothing but somebody's word. */
export function awaitsApproval(ledger: Ledger, nowMs: number): number | undefined {
  const { currentWave, waves, spec, head } = ledger;
  const next = waves[currentWave];
  if (!next || next.startedMs !== undefined || head.ending || nowMs < (soakEndsMs(ledger) ?? 0))
    return undefined;
  return at(spec.waves, currentWave).approval === 'required' && !next.approved ? currentWave : undefined;
}

/** One step of the current wave; false where it stays as it is. */
function advanceWave(ledger: Ledger, nowMs: number): boolean {
  const { currentWave, waves, spec, counts } = ledger;
  const wave = waves[currentWave];
  if (!wave) return false;
  const { name, tenants } = at(spec.waves, currentWave);
  if (tenants === 0) {
    waves[currentWave] = { ...wave, startedMs: nowMs, doneMs: nowMs };
    return true;
  }
  if (wave.startedMs === undefined) {
    const waits = nowMs < (soakEndsMs(ledger) ?? 0) || awaitsApproval(ledger, nowMs) !== undefined;
    if (waits || ledger.head.ending) return false;
    waves[currentWave] = { ...wave, startedMs: nowMs };
    ledger.journal(nowMs, 'wave-started', undefined, name);
    return true;
  }
  if (counts.unfinishedOf(currentWave) > 0) return false;
  waves[currentWave] = { ...wave, doneMs: nowMs };
  ledger.journal(nowMs, 'wave-done', undefined, name);
  return true;
}

function judge(ledger: Ledger, nowMs: number): void {
  if (ledger.head.halted || ledger.head.ending) return;
  const over = overrun(ledger);
  if (over) halt(ledger, over.why, nowMs);
}

/** The failure budget that lets nothing more start; undefined where none is used up. */
export function overrun(ledger: Ledger): Overrun | undefined {
  const { spec, counts } = ledger;
  const ofFleet = exceeded(spec.failureBudget, counts.ofFleet, counts.size);
  if (ofFleet) return { ...ofFleet, why: `the fleet: ${ofFleet.why}` };
  for (const [wave, { name, failureBudget, tenants }] of spec.waves.entries()) {
    const ofWave = exceeded(failureBudget, counts.ofWave(wave), tenants);
    if (ofWave) return { ...ofWave, wave: name, why: `wave ${name}: ${ofWave.why}` };
  }
  return strictStandstill(ledger);
}

/** A strict budget may leave no room for anybody who waits while none is under way: then nothing would ever start. */
function strictStandstill(ledger: Ledger): Overrun | undefined {
  const { spec, counts } = ledger;
  if (countOf(counts.ofFleet, MAY_FAIL) > 0) return undefined;
  const fresh = begunWaves(ledger).flatMap((wave) =>
    [...ledger.waiting.of(wave)].flatMap(({ waiting: [index] }) => index ?? []),
  );
  const again = [...ledger.again].filter(
    (index) => hasBegun(ledger, index) && !ledger.counts.entry(index)?.takingBack,
  );
  const next = [...fresh, ...again];
  const [first] = next;
  if (first === undefined || next.some((index) => strictRoomFor(ledger, index) > 0)) return undefined;
  const why = 'the strict failure budget leaves no room for another tenant';
  const needs = (counts: StateCounts): number => countsByBudget(counts).failed + 1;
  if (strictRoom(spec.failureBudget, counts.ofFleet, counts.size) <= 0)
    return { why, kind: 'failed', needs: needs(counts.ofFleet) };
  const wave = counts.waveOf(first);
  return { why, kind: 'failed', wave: at(spec.waves, wave).name, needs: needs(counts.ofWave(wave)) };
}

function noteStopped(ledger: Ledger, nowMs: number): void {
  const { paused, stoppedAt } = ledger.head;
  if (!paused || paused.newOnly) return;
  const isMoving = ledger.counts.in(IN_FLIGHT).some((index) => !ledger.counts.entry(index)?.stopped);
  // One that undoes what it did is let go on: while it does, not all have stopped.
  if (isMoving && stoppedAt !== undefined) ledger.update({}, ['stoppedAt']);
  if (isMoving || stoppedAt !== undefined) return;
  ledger.update({ stoppedAt: new Date(nowMs).toISOString() });
  ledger.journal(nowMs, 'stopped', undefined, 'everything under way has stopped');
}
