import type { Client } from '@temporalio/client';
import type { Payload } from '@temporalio/common';

/** Something in a history that can be read without a key. */
export interface Readable {
  /** `events.3.activityTaskScheduledEventAttributes.activityType.name`, without the numbers of lists. */
  readonly place: string;
  readonly text: string;
}

const isPayload = (value: object): value is Payload =>
  'metadata' in value && 'data' in value && value.data instanceof Uint8Array;

const textOf = (bytes: Uint8Array | null | undefined): string => Buffer.from(bytes ?? []).toString();

/** Every text that stands readable in a message of Temporal's: names, messages, payloads that are not encrypted. */
export function readable(message: unknown, place = ''): Readable[] {
  if (typeof message === 'string') return message === '' ? [] : [{ place, text: message }];
  if (message instanceof Uint8Array) return [{ place, text: textOf(message) }];
  if (Array.isArray(message)) return message.flatMap((part) => readable(part, place));
  if (typeof message !== 'object' || message === null) return [];
  if (isPayload(message)) {
    const isEncrypted = textOf(message.metadata?.['encoding']) === 'binary/encrypted';
    return isEncrypted ? [] : [{ place, text: textOf(message.data) }];
  }
  return Object.entries(message).flatMap(([key, value]) =>
    readable(value, place === '' ? key : `${place}.${key}`),
  );
}

/** How many payloads of a message are encrypted, by the id of their key. */
export function encryptedPayloads(message: unknown): Record<string, number> {
  const counts: Record<string, number> = {};
  const count = (value: unknown): void => {
    if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return;
    if (isPayload(value)) {
      const id = textOf(value.metadata?.['encryption-key-id']) || 'none';
      counts[id] = (counts[id] ?? 0) + 1;
    } else Object.values(value).forEach(count);
  };
  count(message);
  return counts;
}

/** All that Temporal tells of a workflow, as it keeps it: every run's history, and what describes it. */
export async function rawHistory(client: Client, workflowId: string, runId?: string): Promise<unknown> {
  const handle = client.workflow.getHandle(workflowId, runId);
  const { events } = await handle.fetchHistory();
  const { raw } = await handle.describe();
  return { events, raw };
}
