import type { Book } from '../ledger.ts';
import { strictRoom } from './budget.ts';
import { neededToStartMs } from './forecast.ts';
import { at } from '../spec/spec.ts';
import { traitsOf } from '../tenant/states.ts';

/** What the fleet does next: starts a tenant, or lets one go on that waits for a slot. */
export interface Move {
  readonly kind: 'start' | 'admit';
  readonly index: number;
}

/**
 * What may be done now, one at a time; undefined where nothing may. Never beyond a limit of the fleet, a wave or a
 * cluster. Those half done go first, then those that are tried again, then the others in the fleet's order; nobody
 * waits for a tenant whose window is closed or whose cluster is full.
 */
export function nextMove(book: Book, nowMs: number): Move | undefined {
  if (book.tally.inFlight >= book.spec.maxConcurrent) return undefined;
  const goesOn = [...book.asking].sort(byOrder).find((index) => mayGoOn(book, index));
  if (goesOn !== undefined) return { kind: 'admit', index: goesOn };
  if (book.head.paused) return undefined;
  const index = nextAgain(book, nowMs) ?? nextFresh(book, nowMs);
  return index === undefined ? undefined : { kind: 'start', index };
}

/** Window policies that somebody waits for or keeps to, and whose stand nobody knows any more. */
export function windowsToAsk(book: Book, nowMs: number): number[] {
  const { paused, halted, ending } = book.head;
  if (paused || ending) return [];
  const neededMs = neededToStartMs(book.forecast);
  const policies = new Set(book.inherited.filter((policy) => !book.windows.answer(policy)));
  for (const wave of halted ? [] : begunWaves(book)) {
    for (const { windows } of book.lanes.of(wave)) policies.add(windows);
  }
  for (const index of book.again) {
    const mayStart = !halted || book.tally.entry(index)?.urgent === true;
    if (mayStart && isDue(book, index, nowMs)) policies.add(book.policyOf(index));
  }
  return [...policies].filter((policy) => book.windows.mustAsk(policy, neededMs, nowMs));
}

/** How many more a strict budget lets start, this tenant the first of them; Infinity where none is strict. */
export function strictRoomFor(book: Book, index: number): number {
  const { spec, tally } = book;
  const wave = tally.waveOf(index);
  const { failureBudget, tenants } = at(spec.waves, wave);
  const room = Math.min(
    strictRoom(spec.failureBudget, tally.counts, tally.size),
    strictRoom(failureBudget, tally.countsOf(wave), tenants),
  );
  // One that has failed is counted already: trying it again spends nothing.
  return traitsOf(tally.state(index)).budget === 'failed' ? room + 1 : room;
}

/** Waves that have begun: those before the current one may have tenants that are tried again. */
export function begunWaves({ waves, currentWave }: Book): number[] {
  return waves.flatMap(({ startedMs }, wave) =>
    wave <= currentWave && startedMs !== undefined ? [wave] : [],
  );
}

/** True where this tenant's wave has begun. */
export function hasBegun({ waves, tally }: Book, index: number): boolean {
  return waves[tally.waveOf(index)]?.startedMs !== undefined;
}

function nextAgain(book: Book, nowMs: number): number | undefined {
  const { halted, ending } = book.head;
  const due = [...book.again].filter((index) => isDue(book, index, nowMs) && hasRoom(book, index));
  const back = due.filter((index) => book.tally.entry(index)?.takingBack);
  // The other way round: what came last goes back first.
  if (back.length > 0) return Math.max(...back);
  if (ending) return undefined;
  return due.sort(byOrder).find(
    (index) =>
      (!halted || book.tally.entry(index)?.urgent === true) &&
      // One that was skipped early, and is wanted after all, does not go ahead of its wave.
      hasBegun(book, index) &&
      fitsWindow(book, index, nowMs) &&
      strictRoomFor(book, index) > 0,
  );
}

function nextFresh(book: Book, nowMs: number): number | undefined {
  if (book.head.halted || book.head.ending) return undefined;
  let first: number | undefined;
  for (const wave of begunWaves(book)) {
    for (const { waiting } of book.lanes.of(wave)) {
      const [index] = waiting;
      if (index === undefined || (first !== undefined && first < index)) continue;
      if (hasRoom(book, index) && fitsWindow(book, index, nowMs) && strictRoomFor(book, index) > 0)
        first = index;
    }
  }
  return first;
}

/** While the fleet is paused, only to undo what it did, and only where an abort has ended its own pause. */
function mayGoOn(book: Book, index: number): boolean {
  const { paused } = book.head;
  const { reverting, stopped } = book.tally.entry(index) ?? {};
  if (paused && !paused.newOnly && (!reverting || stopped)) return false;
  return hasRoom(book, index);
}

/** A slot of the fleet, of its wave and of its cluster. */
function hasRoom({ spec, tally }: Book, index: number): boolean {
  const { cluster } = at(spec.tenants, index);
  const wave = tally.waveOf(index);
  const ofCluster = at(spec.clusters, cluster).maxConcurrent ?? spec.maxConcurrentPerCluster;
  const ofWave = at(spec.waves, wave).maxConcurrent ?? Infinity;
  return (
    tally.inFlight < spec.maxConcurrent &&
    tally.inFlightOf(wave) < ofWave &&
    tally.inFlightOn(cluster) < ofCluster
  );
}

function fitsWindow(book: Book, index: number, nowMs: number): boolean {
  return book.windows.isOpen(book.policyOf(index), neededToStartMs(book.forecast), nowMs);
}

function isDue(book: Book, index: number, nowMs: number): boolean {
  return (book.tally.entry(index)?.notBeforeMs ?? 0) <= nowMs;
}

const byOrder = (a: number, b: number): number => a - b;
