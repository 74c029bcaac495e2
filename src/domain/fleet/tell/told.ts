import type { Delivery } from '../../notify/delivery.ts';
import type { Receiver } from '../../notify/receivers.ts';
import { kindOf } from '../../notify/receivers.ts';

/** How a receiver has done in this fleet. */
export interface ReceiverStand {
  readonly sent: number;
  readonly failed: number;
  /** Messages that are on their way. */
  readonly open: number;
  readonly lastSentAt?: string;
  /** Nothing more is sent there: since when, and why. */
  readonly disabled?: { readonly at: string; readonly why: string };
}

/** What a fleet remembers of what it has told; a part of its memory, and carried over with it. */
export interface Told {
  /** By trigger, and by wave or cluster where it is about one: of which moment it was told, ms. */
  readonly marks: Readonly<Record<string, number>>;
  /** Those in trouble since before this moment were told, ms. */
  readonly troubleMs: number;
  /** Since when those are collected that are told together, ms. */
  readonly collectingMs?: number;
  /** By their names. */
  readonly receivers: Readonly<Record<string, ReceiverStand>>;
  /** What became of the newest messages, the newest last. */
  readonly log: readonly Delivery[];
}

export const NOTHING_TOLD: Told = { marks: {}, troubleMs: 0, receivers: {}, log: [] };

const LOG_KEPT = 100;
const NEW: ReceiverStand = { sent: 0, failed: 0, open: 0 };

const standOf = ({ receivers }: Told, name: string): ReceiverStand => receivers[name] ?? NEW;

/** A message is on its way to it. */
export function handedOver(told: Told, name: string): Told {
  const stand = standOf(told, name);
  return { ...told, receivers: { ...told.receivers, [name]: { ...stand, open: stand.open + 1 } } };
}

/** A message that was on its way to it was told before. */
export function takenBack(told: Told, name: string): Told {
  const stand = standOf(told, name);
  return {
    ...told,
    receivers: { ...told.receivers, [name]: { ...stand, open: Math.max(0, stand.open - 1) } },
  };
}

/** What became of a message; one that was tried for a day for nothing, or has said so, is told nothing more. */
export function delivered(told: Told, delivery: Delivery): Told {
  const { receiver, outcome, at, why = '' } = delivery;
  const stand = standOf(told, receiver);
  const isSent = outcome === 'sent';
  const next: ReceiverStand = {
    ...stand,
    open: Math.max(0, stand.open - 1),
    sent: stand.sent + (isSent ? 1 : 0),
    failed: stand.failed + (isSent ? 0 : 1),
    ...(isSent ? { lastSentAt: at } : { disabled: stand.disabled ?? { at, why } }),
  };
  return {
    ...told,
    receivers: { ...told.receivers, [receiver]: next },
    log: [...told.log, delivery].slice(-LOG_KEPT),
  };
}

/** How many messages are on their way. */
export function openOf({ receivers }: Told): number {
  return Object.values(receivers).reduce((sum, { open }) => sum + open, 0);
}

/** Those that are named anew are told again, whatever became of them: all of them, or those that are not as they were. */
export function namedAnew(told: Told, before: readonly Receiver[], after: readonly Receiver[]): Told {
  const known = new Map(before.map((receiver) => [receiver.name, JSON.stringify(receiver)]));
  const receivers = Object.fromEntries(
    Object.entries(told.receivers).map(([name, stand]) => {
      const now = after.find((receiver) => receiver.name === name);
      const isSame = now !== undefined && known.get(name) === JSON.stringify(now);
      const { disabled: _disabled, ...enabled } = stand;
      return [name, isSame ? stand : enabled];
    }),
  );
  return { ...told, receivers };
}

/** As a screen shows it: what each receiver has got, and what became of the newest messages. */
export interface TellingView {
  readonly receivers: readonly (ReceiverStand & { readonly name: string; readonly how: string })[];
  readonly log: readonly Delivery[];
}

/** Those that are told, and those that were; undefined where nobody is or was. */
export function tellingView(notify: readonly Receiver[], told: Told = NOTHING_TOLD): TellingView | undefined {
  const named = notify.map((receiver) => ({
    name: receiver.name,
    how: kindOf(receiver),
    ...standOf(told, receiver.name),
  }));
  const others = Object.entries(told.receivers)
    .filter(([name]) => !notify.some((receiver) => receiver.name === name))
    .map(([name, stand]) => ({ name, how: 'not any more', ...stand }));
  const receivers = [...named, ...others];
  return receivers.length > 0 ? { receivers, log: told.log } : undefined;
}
