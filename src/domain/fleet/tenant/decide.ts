import { assertNever } from '../../text/assert-never.ts';
import { command, WHY } from '../../tenant/decisions.ts';
import type { Actor, TenantRef } from '../../tenant/tenant.ts';
import { actorOf } from '../../tenant/tenant.ts';
import { beforeTakingBack, halfWay, leftOut } from './carried.ts';
import type { TenantEntry, TenantReport } from './entry.ts';
import { changed, stateOf } from './entry.ts';
import type { Traits } from './states.ts';
import { traitsOf } from './states.ts';

/** What an operator wants of a tenant. `isNamed`: of it, or of its wave, and not of all alike. */
export type TenantOrder =
  | { readonly kind: 'retry'; readonly isNamed: boolean; readonly newPlan: boolean }
  | { readonly kind: 'skip' }
  | { readonly kind: 'revert'; readonly actor: Actor };

/**
 * What its workflow is to be told. `try-again`: its step, or its cluster; `undo`: what it did, as far as the point of no
 * return; `go-back`: also from beyond it, the word for that was given.
 */
export type Word = 'try-again' | 'undo' | 'go-back';

/** What becomes of the tenant, and what its workflow is told; or a sentence, where nothing can be done. */
export type Decided =
  { readonly entry: TenantEntry | null; readonly tell?: Word } | { readonly refused: string };

/** What of the fleet decides about an order. */
export interface Situation {
  readonly nowMs: number;
  /** The fleet has ended: nothing is told to anybody, and what is to be done is done by another run of it. */
  readonly hasEnded: boolean;
  readonly tenant: TenantRef;
}

/** What an order does to a tenant of a fleet, of one that runs as of one that has ended. */
export function decide(entry: TenantEntry | null, order: TenantOrder, situation: Situation): Decided {
  switch (order.kind) {
    case 'retry':
      return retry(entry, order, situation);
    case 'skip':
      return skip(entry, situation);
    case 'revert':
      return revert(entry, order.actor, situation);
    default:
      return assertNever(order);
  }
}

/** Of one that was wanted back while it was under way, and is past the point of no return: the word for that was given. */
export function answerTo(report: TenantReport, entry: TenantEntry | null): Word | undefined {
  return report.kind === 'held' && entry?.unwanted ? 'go-back' : undefined;
}

function retry(
  entry: TenantEntry | null,
  { isNamed, newPlan }: { readonly isNamed: boolean; readonly newPlan: boolean },
  { nowMs, hasEnded }: Situation,
): Decided {
  const { state, stage, share } = seen(entry);
  const again = { entry: startedAgain(entry, { nowMs, newPlan }) };
  // A run of it that is there still is met by its start.
  if (hasEnded && stage !== 'settled') return again;
  switch (stage) {
    case 'stuck':
      return { entry: entry && wantedAgain(entry), tell: 'try-again' };
    case 'under-way':
      return { refused: `it is under way (${state})` };
    case 'waiting':
      return state === 'pending' ? { refused: 'it has not been started: its turn comes' } : again;
    case 'settled':
      if (share === 'upgraded') return { refused: `it is ${state}` };
      // Somebody wanted it so: it comes again only where it is named.
      if (share === 'left-out' && !isNamed)
        return { refused: `${state}; name it, or its wave, to start it again` };
      return again;
    default:
      return assertNever(stage);
  }
}

function skip(entry: TenantEntry | null, { nowMs, tenant }: Situation): Decided {
  const { state, stage, skippable } = seen(entry);
  if (skippable) return { entry: skipped(entry, nowMs) };
  switch (stage) {
    case 'stuck': {
      const abandon = command(tenant, 'abandon', WHY);
      return { refused: `it is ${state}, half way: revert it, or abandon it with: ${abandon}` };
    }
    case 'under-way':
      return { refused: `it is under way (${state})` };
    case 'waiting':
    case 'settled':
      return { refused: `it is ${state} already` };
    default:
      return assertNever(stage);
  }
}

function revert(entry: TenantEntry | null, actor: Actor, { nowMs, hasEnded, tenant }: Situation): Decided {
  const { state, stage } = seen(entry);
  const already = entry?.takingBack ? { refused: 'it is being taken back already' } : undefined;
  switch (stage) {
    case 'under-way':
      if (hasEnded) return { refused: `it is ${state}, half way, ${ownWord(tenant, 'abort')}` };
      return already ?? { entry: entry && unwanted(entry, actor), tell: 'undo' };
    case 'stuck':
      if (hasEnded) return { refused: `it is ${state}, half way, ${ownWord(tenant, 'revert')}` };
      return { entry: entry && unwanted(entry, actor), tell: 'go-back' };
    case 'waiting':
      return already ?? { entry: skipped(entry, nowMs) };
    case 'settled': {
      if (!entry) return { refused: nothingBack(state) };
      // Its next try would upgrade it.
      if (isTriedAgain(entry)) return { entry: left(entry) };
      const refused = whyNotBack(entry);
      return refused === undefined ? { entry: toBeTakenBack(entry, actor, nowMs) } : { refused };
    }
    default:
      return assertNever(stage);
  }
}

const seen = (entry: TenantEntry | null): Traits & { readonly state: string } => {
  const state = stateOf(entry);
  return { ...traitsOf(state), state };
};

/** A fleet that has ended tells nothing to a workflow that is there still. */
const ownWord = (tenant: TenantRef, verb: 'abort' | 'revert'): string =>
  `and the fleet has ended: say it to its own upgrade, with: ${command(tenant, verb, WHY)}`;

/** To be started (again) by an operator's word as soon as there is a slot, also while the fleet halts. */
export function startedAgain(
  entry: TenantEntry | null,
  { nowMs, newPlan }: { readonly nowMs: number; readonly newPlan: boolean },
): TenantEntry {
  if (entry?.takingBack) return changed(entry, { notBeforeMs: nowMs });
  return {
    state: 'pending',
    sinceMs: nowMs,
    attempts: entry?.attempts ?? 0,
    urgent: true,
    notBeforeMs: nowMs,
    ...(newPlan || entry?.newPlan === true ? { newPlan: true } : {}),
    ...(entry?.runId === undefined ? {} : { runId: entry.runId }),
    ...halfWay(entry),
    ...(entry?.failure ? { failure: entry.failure } : {}),
  };
}

/** Never to be started, or not again. */
export function skipped(entry: TenantEntry | null, nowMs: number): TenantEntry {
  // One that was to be taken back stays what it is.
  if (entry?.takingBack) {
    const state = beforeTakingBack(entry);
    return changed(entry, { state, sinceMs: nowMs, takingBack: undefined, notBeforeMs: undefined });
  }
  const kept = leftOut(entry);
  // One that was lost half way, and waits to be tried again, is that still; whoever skips it knows.
  return { ...kept, ...(entry?.state === 'lost' ? { state: 'skipped' } : {}), sinceMs: nowMs };
}

/** It failed, and would be tried again by itself. */
const isTriedAgain = ({ notBeforeMs, takingBack }: TenantEntry): boolean =>
  notBeforeMs !== undefined && !takingBack;

/** Not tried again by itself. */
const left = (entry: TenantEntry): TenantEntry => changed(entry, { notBeforeMs: undefined });

/** It is wanted after all. */
const wantedAgain = (entry: TenantEntry): TenantEntry =>
  entry.unwanted ? changed(entry, { unwanted: undefined }) : entry;

/** While it is under way: should it end upgraded all the same, it is taken back then. */
const unwanted = (entry: TenantEntry, actor: Actor): TenantEntry =>
  changed(entry, { unwanted: actorOf(actor) });

/** An upgraded tenant, or one whose taking back was lost, to be brought back to what it was before. */
export function toBeTakenBack(entry: TenantEntry, actor: Actor, nowMs: number): TenantEntry {
  const from = entry.state === 'lost' ? ({ from: 'lost' } as const) : {};
  return changed(entry, { takingBack: { ...actorOf(actor), ...from }, notBeforeMs: nowMs });
}

const nothingBack = (state: string): string => `it is ${state}: this fleet has nothing to take back`;

/** Why there is nothing to take back in this tenant, of which nothing runs; undefined where there is. */
function whyNotBack({ state, backupOf }: TenantEntry): string | undefined {
  if (state === 'lost' && backupOf !== undefined) return undefined;
  if (state !== 'upgraded') return nothingBack(state);
  return backupOf === undefined ? 'it was found upgraded: there is no backup to go back to' : undefined;
}
