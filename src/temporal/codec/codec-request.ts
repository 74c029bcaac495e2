import type { Payload } from '@temporalio/common';
import { z } from 'zod';

/** JSON of Temporal's remote codec protocol: bytes are base64. */
const payloadsSchema = z.object({
  payloads: z
    .array(
      z.object({
        metadata: z.record(z.string(), z.string()).nullish(),
        data: z.string().nullish(),
      }),
    )
    .nullish(),
});

/** Undefined where it is no such body. */
export function readPayloads(body: string): Payload[] | undefined {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return undefined;
  }
  const { data } = payloadsSchema.safeParse(json);
  return data?.payloads?.map(({ metadata, data: bytes }) => ({
    metadata: Object.fromEntries(
      Object.entries(metadata ?? {}).map(([key, value]) => [key, Buffer.from(value, 'base64')]),
    ),
    data: Buffer.from(bytes ?? '', 'base64'),
  }));
}

export function writePayloads(payloads: readonly Payload[]): string {
  const base64 = (bytes: Uint8Array | null | undefined): string =>
    Buffer.from(bytes ?? []).toString('base64');
  return JSON.stringify({
    payloads: payloads.map(({ metadata, data }) => ({
      metadata: Object.fromEntries(
        Object.entries(metadata ?? {}).map(([key, value]) => [key, base64(value)]),
      ),
      data: base64(data),
    })),
  });
}
