import type { Ledger } from '../ledger.ts';
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
export function nextMove(ledger: Ledger, nowMs: number): Move | undefined {
  if (ledger.counts.inFlight >= ledger.spec.maxConcurrent) return undefined;
  const goesOn = [...ledger.asking].sort(byOrder).find((index) => mayGoOn(ledger, index));
  if (goesOn !== undefined) return { kind: 'admit', index: goesOn };
  if (ledger.head.paused) return undefined;
  const index = nextAgain(ledger, nowMs) ?? nextFresh(ledger, nowMs);
  return index === undefined ? undefined : { kind: 'start', index };
}

/** Window policies that somebody waits for or keeps to, and whose stand nobody knows any more. */
export function windowsToAsk(ledger: Ledger, nowMs: number): number[] {
  const { paused, halted, ending } = ledger.head;
  if (paused || ending) return [];
  const neededMs = neededToStartMs(ledger.forecast);
  const policies = new Set(ledger.inherited.filter((policy) => !ledger.windows.answer(policy)));
  for (const wave of halted ? [] : begunWaves(ledger)) {
    for (const { policyIndex } of ledger.waiting.of(wave)) policies.add(policyIndex);
  }
  for (const index of ledger.again) {
    const mayStart = !halted || ledger.counts.entry(index)?.urgent === true;
    if (mayStart && isDue(ledger, index, nowMs)) policies.add(ledger.policyOf(index));
  }
  return [...policies].filter((policy) => ledger.windows.mustAsk(policy, neededMs, nowMs));
}

/** How many more a strict budget lets start, this tenant the first of them; Infinity where none is strict. */
export function strictRoomFor(ledger: Ledger, index: number): number {
  const { spec, counts } = ledger;
  const wave = counts.waveOf(index);
  const { failureBudget, tenants } = at(spec.waves, wave);
  const room = Math.min(
    strictRoom(spec.failureBudget, counts.ofFleet, counts.size),
    strictRoom(failureBudget, counts.ofWave(wave), tenants),
  );
  // One that has failed is counted already: trying it again spends nothing.
  return traitsOf(counts.state(index)).budget === 'failed' ? room + 1 : room;
}

/** Waves that have begun: those before the current one may have tenants that are tried again. */
export function begunWaves({ waves, currentWave }: Ledger): number[] {
  return waves.flatMap(({ startedMs }, wave) =>
    wave <= currentWave && startedMs !== undefined ? [wave] : [],
  );
}

/** True where this tenant's wave has begun. */
export function hasBegun({ waves, counts }: Ledger, index: number): boolean {
  return waves[counts.waveOf(index)]?.startedMs !== undefined;
}

function nextAgain(ledger: Ledger, nowMs: number): number | undefined {
  const { halted, ending } = ledger.head;
  const due = [...ledger.again].filter((index) => isDue(ledger, index, nowMs) && hasRoom(ledger, index));
  const back = due.filter((index) => ledger.counts.entry(index)?.takingBack);
  // The other way round: what came last goes back first.
  if (back.length > 0) return Math.max(...back);
  if (ending) return undefined;
  return due.sort(byOrder).find(
    (index) =>
      (!halted || ledger.counts.entry(index)?.urgent === true) &&
      // One that was skipped early, and is wanted after all, does not go ahead of its wave.
      hasBegun(ledger, index) &&
      fitsWindow(ledger, index, nowMs) &&
      strictRoomFor(ledger, index) > 0,
  );
}

function nextFresh(ledger: Ledger, nowMs: number): number | undefined {
  if (ledger.head.halted || ledger.head.ending) return undefined;
  let first: number | undefined;
  for (const wave of begunWaves(ledger)) {
    for (const { waiting } of ledger.waiting.of(wave)) {
      const [index] = waiting;
      if (index === undefined || (first !== undefined && first < index)) continue;
      if (hasRoom(ledger, index) && fitsWindow(ledger, index, nowMs) && strictRoomFor(ledger, index) > 0)
        first = index;
    }
  }
  return first;
}

/** While the fleet is paused, only to undo what it did, and only where an abort has ended its own pause. */
function mayGoOn(ledger: Ledger, index: number): boolean {
  const { paused } = ledger.head;
  const { reverting, stopped } = ledger.counts.entry(index) ?? {};
  if (paused && !paused.newOnly && (!reverting || stopped)) return false;
  return hasRoom(ledger, index);
}

/** A slot of the fleet, of its wave and of its cluster. */
function hasRoom({ spec, counts }: Ledger, index: number): boolean {
  const { cluster } = at(spec.tenants, index);
  const wave = counts.waveOf(index);
  const ofCluster = at(spec.clusters, cluster).maxConcurrent ?? spec.maxConcurrentPerCluster;
  const ofWave = at(spec.waves, wave).maxConcurrent ?? Infinity;
  return (
    counts.inFlight < spec.maxConcurrent &&
    counts.inFlightOf(wave) < ofWave &&
    counts.inFlightOn(cluster) < ofCluster
  );
}

function fitsWindow(ledger: Ledger, index: number, nowMs: number): boolean {
  return ledger.windows.isOpen(ledger.policyOf(index), neededToStartMs(ledger.forecast), nowMs);
}

function isDue(ledger: Ledger, index: number, nowMs: number): boolean {
  return (ledger.counts.entry(index)?.notBeforeMs ?? 0) <= nowMs;
}

const byOrder = (a: number, b: number): number => a - b;
