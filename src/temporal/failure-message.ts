import type { Client } from '@temporalio/client';
import type { ProtoFailure } from '@temporalio/common';
import { defaultPayloadConverter } from '@temporalio/common';
import { decodePayloads } from './codec/codecs.ts';

/** What a failure as Temporal keeps it says: its message is a payload where payloads are encrypted. */
export async function failureMessage(
  { options }: Client,
  { message, encodedAttributes }: ProtoFailure,
): Promise<string | undefined> {
  if (!encodedAttributes) return message ?? undefined;
  const [payload] = await decodePayloads(options.loadedDataConverter.payloadCodecs, [encodedAttributes]);
  const encoded = payload && defaultPayloadConverter.fromPayload<{ readonly message?: string }>(payload);
  return encoded?.message ?? message ?? undefined;
}
