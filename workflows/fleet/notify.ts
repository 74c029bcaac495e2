import { patched, upsertMemo } from '@temporalio/workflow';
import type { Delivery } from '../../src/domain/notify/delivery.ts';
import type { Receiver } from '../../src/domain/notify/receivers.ts';
import { NEEDS_MEMO, needsOf, wants } from '../../src/domain/notify/receivers.ts';
import type { Message } from '../../src/domain/notify/message.ts';
import type { News } from '../../src/domain/fleet/tell/news.ts';
import { endNews, newsOf, nextNewsMs } from '../../src/domain/fleet/tell/news.ts';
import {
  delivered,
  handedOver,
  namedAnew,
  NOTHING_TOLD,
  openOf,
  takenBack,
} from '../../src/domain/fleet/tell/told.ts';
import { NOTIFIES } from '../patches.ts';
import { tell } from '../notify/tell.ts';
import { waitAtMost } from '../wait-at-most.ts';
import type { Fleet } from './fleet.ts';

/** How long a fleet that ends waits to hear whether people were told of it. */
const LAST_WORD_MS = 10_000;

/** Whether anybody is to be told; asked for last where it is asked with other things, as it leaves a mark in history. */
function hasReceivers({ ledger }: Fleet): boolean {
  return (ledger.spec.notify ?? []).length > 0 && patched(NOTIFIES);
}

/** Tells what has come up; holds nobody up. */
export function tellNews(fleet: Fleet): void {
  if (hasReceivers(fleet)) take(fleet, newsOf(fleet.ledger, Date.now()));
}

/** When time alone makes something to be told, ms. */
export function nextTellMs(fleet: Fleet): number | undefined {
  return hasReceivers(fleet) ? nextNewsMs(fleet.ledger, Date.now()) : undefined;
}

/**
 * Tells that it ends, and waits a moment for what is on its way, so that its report says how that went. Whatever is left goes on
 * without it.
 */
export async function tellEnd(fleet: Fleet, isEnd: () => boolean): Promise<void> {
  if (!hasReceivers(fleet)) return;
  take(fleet, endNews(fleet.ledger, Date.now()));
  await waitAtMost(LAST_WORD_MS, () => !isEnd() || (fleet.isSettled && openOf(toldOf(fleet)) === 0));
}

/** Others are told from now on: what was disabled and is named anew is told again, and workers see what they need. */
export function onReceivers(fleet: Fleet, before: readonly Receiver[]): void {
  const { ledger } = fleet;
  const { notify = [] } = ledger.spec;
  if (JSON.stringify(before) === JSON.stringify(notify) || !patched(NOTIFIES)) return;
  const { told } = ledger.head;
  if (told) ledger.update({ told: namedAnew(told, before, notify) });
  upsertMemo({ [NEEDS_MEMO]: needsOf(notify) });
}

/** What became of a message at one receiver; where that one is told nothing more, the journal says so. */
export function onDelivered(fleet: Fleet, delivery: Delivery): void {
  const { ledger } = fleet;
  const before = toldOf(fleet);
  const after = delivered(before, delivery);
  ledger.update({ told: after });
  const { receiver, why = '' } = delivery;
  if (after.receivers[receiver]?.disabled && !before.receivers[receiver]?.disabled)
    ledger.journal(Date.now(), 'receiver-disabled', undefined, `${receiver} is told nothing more: ${why}`);
  fleet.touch();
}

const toldOf = ({ ledger }: Fleet) => ledger.head.told ?? NOTHING_TOLD;

function take(fleet: Fleet, { messages, told }: News): void {
  fleet.ledger.update({ told });
  for (const message of messages) handOver(fleet, message);
}

function handOver(fleet: Fleet, message: Message): void {
  const { ledger } = fleet;
  const receivers = (ledger.spec.notify ?? []).filter(
    (receiver) => !toldOf(fleet).receivers[receiver.name]?.disabled && wants(receiver, message),
  );
  if (receivers.length === 0) return;
  for (const { name } of receivers) ledger.update({ told: handedOver(toldOf(fleet), name) });
  void fleet.inBackground(async () => {
    const input = { message, receivers, patience: 'a-day', reportTo: fleet.workflowId } as const;
    if (await tell(input)) return;
    // An earlier run has told it, and nobody says any more how that went.
    for (const { name } of receivers) fleet.ledger.update({ told: takenBack(toldOf(fleet), name) });
  });
}
