import { gunzipSync, gzipSync } from 'node:zlib';
import type { Payload, PayloadCodec } from '@temporalio/common';

/** From here on a payload is compressed: what a person reads in Temporal's UI is smaller. */
const LARGE_BYTES = 64 * 1024;
/** More than the largest fleet takes: what unfolds to more was not written by us. */
const LARGEST_BYTES = 64 * 1024 * 1024;
const GZIP = 'binary/gzip';
/** Where a compressed payload keeps the encoding that it had. */
const INNER = 'threescale-upgrade-encoding';

/**
 * Compresses large payloads only: a fleet of ten thousand tenants, which Temporal's limit of 2 MB would else stop. All
 * others stay readable everywhere. Reads what any release has written.
 */
export const largePayloadCodec: PayloadCodec = {
  encode: (payloads) => Promise.resolve(payloads.map(compress)),
  decode: async (payloads) => payloads.map(decompress),
};

/** Bytes that a value takes as it travels. */
export function travelBytes(value: unknown): number {
  const data = Buffer.from(JSON.stringify(value));
  return data.length < LARGE_BYTES ? data.length : gzipSync(data).length;
}

function compress(payload: Payload): Payload {
  const { metadata = {}, data } = payload;
  const { encoding } = metadata ?? {};
  if (!data || !encoding || data.length < LARGE_BYTES) return payload;
  return { metadata: { ...metadata, encoding: Buffer.from(GZIP), [INNER]: encoding }, data: gzipSync(data) };
}

function decompress(payload: Payload): Payload {
  const { encoding, [INNER]: inner, ...metadata } = payload.metadata ?? {};
  if (!payload.data || !inner || !encoding || Buffer.from(encoding).toString() !== GZIP) return payload;
  const data = gunzipSync(payload.data, { maxOutputLength: LARGEST_BYTES });
  return { metadata: { ...metadata, encoding: inner }, data };
}
