import type { DeliverInput } from '../domain/notify/delivery.ts';
import { receiverProblem, textFor } from '../domain/notify/receivers.ts';
import { cloudEvent } from './cloud-event.ts';
import { DeliveryError } from './delivery-error.ts';

/** Sends a message to one receiver, once. Throws DeliveryError. Each way is loaded when it is taken. */
export async function deliverOnce({ message, receiver }: DeliverInput): Promise<void> {
  const problem = receiverProblem(receiver);
  if (problem !== undefined)
    throw new DeliveryError(`it cannot be used: part of it ${problem}`, { gone: true });
  const { webhook, slack, email, command } = receiver;
  const text = textFor(receiver, message);
  const event = cloudEvent(message, text);
  if (webhook) await (await import('./webhook.ts')).sendToWebhook(webhook, event);
  if (slack) await (await import('./slack.ts')).sendToSlack(slack, text);
  if (email) await (await import('./email.ts')).sendByEmail(email, message.id, text);
  if (command !== undefined) await (await import('./command.ts')).runCommand(command, event);
}
