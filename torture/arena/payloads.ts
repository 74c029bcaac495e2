import type { Client } from '@temporalio/client';
import type { Payload } from '@temporalio/common';
import { largePayloadCodec } from '../../src/temporal/codec/large-payload-codec.ts';

/**
 * What every payload of every history says, as whoever may look at Temporal can read it: its database keeps large ones
 * compressed, and breaks all of them over its pages.
 */
export async function payloadTexts(client: Client): Promise<string[]> {
  const payloads: Payload[] = [];
  for await (const { workflowId, runId } of client.workflow.list()) {
    const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    collect(events, payloads);
  }
  const decoded = await largePayloadCodec.decode(payloads);
  return decoded.map(({ data }) => Buffer.from(data ?? []).toString());
}

function collect(message: unknown, into: Payload[]): void {
  if (typeof message !== 'object' || message === null || message instanceof Uint8Array) return;
  if ('metadata' in message && 'data' in message && message.data instanceof Uint8Array)
    into.push(message as Payload);
  else for (const part of Object.values(message)) collect(part, into);
}
