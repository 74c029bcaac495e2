import {
  ActivityFailure,
  getExternalWorkflowHandle,
  isCancellation,
  proxyActivities,
  TimeoutFailure,
} from '@temporalio/workflow';
import { ApplicationFailure } from '@temporalio/common';
import type { NotifyActivities } from '../../activities/notify.ts';
import type { Delivery, TellInput } from '../../src/domain/notify/delivery.ts';
import type { Receiver } from '../../src/domain/notify/receivers.ts';
import { deliveredSignal } from './messages.ts';

/** Longer than the longest of the ways to send: 20 s, of a command. */
const startToCloseTimeout = '30s';

/** What fails is tried again, ever more seldom; a receiver that wants to be left alone says for how long. */
const WITH_PATIENCE = {
  'a-day': proxyActivities<NotifyActivities>({
    startToCloseTimeout,
    scheduleToCloseTimeout: '24h',
    retry: { initialInterval: '5s', backoffCoefficient: 2, maximumInterval: '1h' },
  }),
  'a-moment': proxyActivities<NotifyActivities>({
    startToCloseTimeout,
    scheduleToCloseTimeout: '60s',
    retry: { initialInterval: '1s', backoffCoefficient: 2, maximumAttempts: 3 },
  }),
};

/**
 * Tells one thing to all who want to be told. A workflow of its own, which outlives whoever has started it: nobody waits for
 * it, and no receiver for another one.
 */
export async function tellPeople(input: TellInput): Promise<Delivery[]> {
  return Promise.all(
    input.receivers.map(async (receiver) => {
      const delivery = await deliver(input, receiver);
      await report(input, delivery);
      return delivery;
    }),
  );
}

async function deliver({ message, patience }: TellInput, receiver: Receiver): Promise<Delivery> {
  const { id, occasion, wave } = message;
  const ended = (how: Pick<Delivery, 'outcome' | 'why'>): Delivery => ({
    id,
    receiver: receiver.name,
    occasion,
    ...(wave === undefined ? {} : { wave }),
    at: new Date(Date.now()).toISOString(),
    ...how,
  });
  try {
    const summary = `Tell ${receiver.name}`;
    await WITH_PATIENCE[patience].deliver.executeWithOptions({ summary }, [{ message, receiver }]);
    return ended({ outcome: 'sent' });
  } catch (error) {
    if (isCancellation(error)) throw error;
    const { isGone, why } = whyNot(error);
    return ended({ outcome: isGone ? 'gone' : 'gave-up', why });
  }
}

function whyNot(error: unknown): { readonly isGone: boolean; readonly why: string } {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  // Of what was tried until its time was up, what the last try has met.
  const last = cause instanceof TimeoutFailure && cause.cause ? cause.cause : cause;
  const isGone = last instanceof ApplicationFailure && (last.type === 'Gone' || last.type === 'NotPermitted');
  const why =
    last instanceof TimeoutFailure ? 'no answer in time' : last instanceof Error ? last.message : 'unknown';
  return { isGone, why };
}

/** Where whoever wanted it told has ended, nobody needs to know. */
async function report({ reportTo }: TellInput, delivery: Delivery): Promise<void> {
  if (reportTo === undefined) return;
  try {
    await getExternalWorkflowHandle(reportTo).signal(deliveredSignal, delivery);
  } catch {
    // It has ended.
  }
}
