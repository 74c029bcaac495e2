import type { Message } from '../../notify/message.ts';
import type { Ledger } from '../ledger.ts';
import type { FleetJournalEntry } from '../tenant/entry.ts';
import { countsOf, fleetFacts, tookText } from './facts.ts';
import type { Occasion } from './occasions.ts';
import { nextClosingMs, occasionsOf } from './occasions.ts';
import type { Told } from './told.ts';
import { NOTHING_TOLD } from './told.ts';
import { nextTroubleMs, toldUnreachable, troubles, unreachable } from './troubles.ts';

/** What is to be told now, and what is remembered once it is. */
export interface News {
  readonly messages: readonly Message[];
  readonly told: Told;
}

/** What people are to be told of a fleet that goes on. Nothing while nothing changes; each thing once. */
export function newsOf(ledger: Ledger, nowMs: number): News {
  const before = started(ledger, ledger.head.told ?? NOTHING_TOLD, nowMs);
  const trouble = troubles(ledger, before.told, { nowMs });
  const lost = unreachable(ledger, trouble.told, nowMs);
  const occasions = [...before.occasions, ...occasionsOf(ledger, nowMs), ...trouble.occasions, ...lost];
  return newly(ledger, occasions, toldUnreachable(ledger, trouble.told, nowMs), nowMs);
}

/** What people are told as it ends, also of what has failed a moment ago. */
export function endNews(ledger: Ledger, nowMs: number): News {
  const { head } = ledger;
  const took = tookText(Date.parse(head.startedAt), nowMs);
  const event = head.ending
    ? `has ended: it was aborted by ${head.ending.by} (${head.ending.why})`
    : 'has ended';
  const facts = { event, took, command: `threescale-upgrade fleet report ${ledger.spec.name}` };
  const { occasions, told } = troubles(ledger, head.told ?? NOTHING_TOLD, { nowMs, ends: true });
  return newly(ledger, [...occasions, { trigger: ENDED, ofMs: nowMs, facts }], told, nowMs);
}

/** The next moment at which time alone makes something to be told, ms; undefined where it makes nothing. */
export function nextNewsMs(ledger: Ledger, nowMs: number): number | undefined {
  const moments = [
    nextClosingMs(ledger, nowMs),
    nextTroubleMs(ledger, ledger.head.told ?? NOTHING_TOLD, nowMs),
  ].filter((ms) => ms !== undefined);
  return moments.length > 0 ? Math.min(...moments) : undefined;
}

/** By which receivers come to a fleet that runs. */
const CHANGES: readonly FleetJournalEntry['event'][] = ['inventory-changed', 'settings-changed'];

const STARTED = 'on-started';
const ENDED = 'on-ended';

/** Whoever was told that it has ended is told that it goes on. What failed before the first word is part of that. */
function started(
  ledger: Ledger,
  told: Told,
  nowMs: number,
): { readonly occasions: readonly Occasion[]; readonly told: Told } {
  const { [ENDED]: ended, [STARTED]: begun, ...marks } = told.marks;
  if (ended !== undefined)
    return {
      occasions: [{ trigger: STARTED, ofMs: nowMs, facts: { event: 'goes on, after it had ended' } }],
      told: { ...told, marks },
    };
  if (begun !== undefined) return { occasions: [], told };
  const startedMs = Date.parse(ledger.head.startedAt);
  // Somebody wants to be told of a fleet that runs already: what was before is not told.
  const isNew = !ledger.head.journal.some(({ event }) => CHANGES.includes(event));
  if (!isNew) return { occasions: [], told: { ...pastMarked(ledger, told, nowMs), troubleMs: nowMs } };
  return { occasions: [{ trigger: STARTED, ofMs: startedMs, facts: { event: 'has started' } }], told };
}

function pastMarked(ledger: Ledger, told: Told, nowMs: number): Told {
  const past = occasionsOf(ledger, nowMs)
    .filter(({ trigger }) => trigger === 'on-wave-done')
    .map((occasion) => [markOf(occasion), occasion.ofMs] as const);
  return { ...told, marks: { ...told.marks, [STARTED]: nowMs, ...Object.fromEntries(past) } };
}

function newly(ledger: Ledger, occasions: readonly Occasion[], told: Told, nowMs: number): News {
  const fresh = occasions.filter((occasion) => told.marks[markOf(occasion)] !== occasion.ofMs);
  const marks = fresh.map((occasion) => [markOf(occasion), occasion.ofMs] as const);
  return {
    messages: fresh.map((occasion) => messageOf(ledger, occasion, nowMs)),
    told: { ...told, marks: { ...told.marks, ...Object.fromEntries(marks) } },
  };
}

const markOf = ({ trigger, wave }: Pick<Occasion, 'trigger' | 'wave'>): string =>
  wave === undefined ? trigger : `${trigger}/${wave}`;

/** Its id says what it is about: made again, by a retry or another run of the fleet, it is the same. */
function messageOf(ledger: Ledger, { trigger, wave, ofMs, facts }: Occasion, nowMs: number): Message {
  const { spec, head, counts } = ledger;
  const place = wave === undefined ? -1 : spec.waves.findIndex(({ name }) => name === wave);
  const ofWave = place < 0 ? counts.ofFleet : counts.ofWave(place);
  return {
    id: [
      spec.name,
      base36(Date.parse(head.startedAt)),
      trigger,
      ...(wave === undefined ? [] : [wave]),
      base36(ofMs),
    ].join('_'),
    occasion: trigger,
    scope: 'fleet',
    of: spec.name,
    ...(wave === undefined ? {} : { wave }),
    at: new Date(nowMs).toISOString(),
    facts: { ...fleetFacts(ledger), ...facts },
    counts: countsOf(ofWave),
  };
}

const base36 = (ms: number): string => Math.max(0, Math.round(ms)).toString(36);
