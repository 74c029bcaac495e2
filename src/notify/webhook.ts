import { Webhook } from 'standardwebhooks';
import type { WebhookReceiver } from '../domain/notify/receivers.ts';
import type { CloudEvent } from './cloud-event.ts';
import { DeliveryError } from './delivery-error.ts';
import { post } from './post.ts';
import { readAddress } from './read-address.ts';
import { readSecret } from './settings.ts';

/** CloudEvents in the body, Standard Webhooks in the headers; each try is signed anew. Throws DeliveryError. */
export async function sendToWebhook({ url, secret }: WebhookReceiver, event: CloudEvent): Promise<void> {
  const body = JSON.stringify(event);
  const now = new Date();
  const signature = secret && signed(readSecret(secret), event.id, { now, body });
  await post({
    url: readAddress(url),
    body,
    headers: {
      'content-type': 'application/cloudevents+json; charset=utf-8',
      'webhook-id': event.id,
      'webhook-timestamp': String(Math.floor(now.getTime() / 1_000)),
      ...(signature === undefined ? {} : { 'webhook-signature': signature }),
    },
  });
}

/** `whsec_…` is base64, as Standard Webhooks writes it; anything else is taken as it is. */
function signed(
  secret: string,
  id: string,
  { now, body }: { readonly now: Date; readonly body: string },
): string {
  try {
    const webhook = secret.startsWith('whsec_')
      ? new Webhook(secret)
      : new Webhook(secret, { format: 'raw' });
    return webhook.sign(id, now, body);
  } catch {
    throw new DeliveryError('its secret cannot be used: after whsec_ it must be base64');
  }
}
