import { expect, test } from '@jest/globals';
import type { Payload } from '@temporalio/common';
import { ApplicationFailure, defaultPayloadConverter } from '@temporalio/common';
import {
  decodeOptionalFailureToOptionalError,
  encodeErrorToFailure,
  loadDataConverter,
} from '@temporalio/common/lib/internal-non-workflow/index.js';
import protos from '@temporalio/proto';
import fc from 'fast-check';
import { decodePayloads, encodePayloads } from '../../src/temporal/codec/codecs.ts';
import {
  createDataConverter,
  dataConverter,
  payloadCodecs,
} from '../../src/temporal/codec/data-converter.ts';
import { EncryptionError } from '../../src/temporal/codec/encryption-error.ts';
import { EncryptionKeys } from '../../src/temporal/codec/encryption-keys.ts';
import { largePayloadCodec } from '../../src/temporal/codec/large-payload-codec.ts';
import { keyLine, writeKeyFile } from '../support/key-file.ts';

const OLD = keyLine('old');
const NEW = keyLine('new');
const keysOf = (...lines: readonly string[]): EncryptionKeys => new EncryptionKeys(writeKeyFile(lines));

const encode = async (keys: EncryptionKeys, payload: Payload): Promise<Payload> =>
  only(await encodePayloads(payloadCodecs(keys), [payload]));
const decode = async (keys: EncryptionKeys, payload: Payload): Promise<Payload> =>
  only(await decodePayloads(payloadCodecs(keys), [payload]));

function only([payload]: readonly Payload[]): Payload {
  if (!payload) throw new Error('there is no payload');
  return payload;
}

const payloadOf = (value: unknown): Payload => defaultPayloadConverter.toPayload(value);
const valueOf = (payload: Payload): unknown => defaultPayloadConverter.fromPayload(payload);
const metadataOf = ({ metadata }: Payload): Record<string, string> =>
  Object.fromEntries(
    Object.entries(metadata ?? {}).map(([key, value]) => [key, Buffer.from(value).toString()]),
  );

test('whatever value travels encrypted comes back as it was', async () => {
  const keys = keysOf(NEW);
  await fc.assert(
    fc.asyncProperty(fc.jsonValue(), async (value) => {
      const sent = payloadOf(value);
      const received = await decode(keys, await encode(keys, sent));
      expect(metadataOf(received)).toEqual(metadataOf(sent));
      expect(valueOf(received)).toEqual(valueOf(sent));
    }),
    { numRuns: 200 },
  );
});

test('what stands beside the data is the encoding and the id of the key, and no two are alike', async () => {
  const keys = keysOf(NEW);
  const one = await encode(keys, payloadOf('change 4711'));
  const two = await encode(keys, payloadOf('change 4711'));
  expect(metadataOf(one)).toEqual({ encoding: 'binary/encrypted', 'encryption-key-id': 'new' });
  expect(Buffer.from(one.data ?? []).toString('latin1')).not.toContain('4711');
  expect(Buffer.from(one.data ?? []).equals(Buffer.from(two.data ?? []))).toBe(false);
});

test('what is large is compressed before it is encrypted', async () => {
  const keys = keysOf(NEW);
  const value = 'tenant '.repeat(20_000);
  const sent = await encode(keys, payloadOf(value));
  expect(sent.data?.length).toBeLessThan(5_000);
  expect(metadataOf(sent)['encoding']).toBe('binary/encrypted');
  expect(valueOf(await decode(keys, sent))).toBe(value);
});

test('a title of 240 letters stays below the 400 bytes that Temporal takes for a summary', async () => {
  const sent = await encode(keysOf(keyLine('k'.repeat(40))), payloadOf('x'.repeat(240)));
  const message = protos.temporal.api.common.v1.Payload.encode(sent).finish();
  expect(message.length).toBeLessThan(400);
});

test('plain, compressed, and encrypted with any of the keys: all are read side by side', async () => {
  const value = { why: 'change 4711', large: 'x'.repeat(100_000) };
  const written = [
    payloadOf(value),
    only(await largePayloadCodec.encode([payloadOf(value)])),
    await encode(keysOf(OLD), payloadOf(value)),
    await encode(keysOf(NEW, OLD), payloadOf(value)),
  ];
  for (const lines of [
    [NEW, OLD],
    ['off', OLD, NEW],
  ]) {
    for (const payload of written) expect(valueOf(await decode(keysOf(...lines), payload))).toEqual(value);
  }
});

test('without a current key everything travels as it did before there was encryption', async () => {
  for (const keys of [new EncryptionKeys(), keysOf('off', OLD)]) {
    for (const value of ['small', 'x'.repeat(100_000)]) {
      const before = only(await largePayloadCodec.encode([payloadOf(value)]));
      expect(await encode(keys, payloadOf(value))).toEqual(before);
    }
    expect(createDataConverter(keys).failureConverterPath).toBeUndefined();
  }
});

test('a payload of a key that is not there names it; the key itself is nowhere', async () => {
  const sent = await encode(keysOf(OLD), payloadOf('change 4711'));
  await expect(decode(keysOf(NEW), sent)).rejects.toThrow(EncryptionError);
  await expect(decode(keysOf(NEW), sent)).rejects.toThrow('encrypted with key old');
  await expect(decode(new EncryptionKeys(), sent)).rejects.toThrow('THREESCALE_UPGRADE_KEY_FILE');
});

test('what was changed, cut, or given the name of another key is refused', async () => {
  const keys = keysOf(OLD, `twin: ${OLD.split(' ')[1] ?? ''}`);
  const sent = await encode(keys, payloadOf('change 4711'));
  const bytes = Buffer.from(sent.data ?? []);
  const flipped = (place: number): Buffer => {
    const copy = Buffer.from(bytes);
    copy.writeUInt8(copy.readUInt8(place) ^ 1, place);
    return copy;
  };
  const wrong: Payload[] = [
    ...[0, 12, bytes.length - 1].map((place) => ({ ...sent, data: flipped(place) })),
    ...[0, 11, 27, bytes.length - 1].map((length) => ({ ...sent, data: bytes.subarray(0, length) })),
    { metadata: { ...sent.metadata, 'encryption-key-id': Buffer.from('twin') }, data: bytes },
    { metadata: { ...sent.metadata } },
  ];
  for (const payload of wrong)
    await expect(decode(keys, payload)).rejects.toThrow('cannot be decrypted with key');
  await expect(decode(keysOf(keyLine('old')), sent)).rejects.toThrow('another key has its name there');
});

test('messages, stack traces and causes of failures are encrypted, and come back', async () => {
  const converter = loadDataConverter(createDataConverter(keysOf(NEW)));
  const cause = new Error('the cause of shop-eu');
  const error = ApplicationFailure.create({
    type: 'RolloutFailed',
    message: 'shop-eu: crash loop',
    cause,
    details: ['hint'],
  });
  const failure = await encodeErrorToFailure(converter, error);
  const readable = JSON.stringify(failure, (_, value: unknown) =>
    value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value,
  );
  expect(failure.message).toBe('Encoded failure');
  expect(readable).not.toMatch(/shop-eu|crash loop|hint|encryption-codec\.test/);
  expect(readable).toContain('RolloutFailed');
  const received = await decodeOptionalFailureToOptionalError(converter, failure);
  expect([received?.message, (received?.cause as Error).message]).toEqual([
    'shop-eu: crash loop',
    'the cause of shop-eu',
  ]);
  expect(received?.stack).toContain('encryption-codec.test');
});

test('only what says that a key is missing stays readable: who reads it lacks the key', async () => {
  const converter = loadDataConverter(createDataConverter(keysOf(NEW)));
  const missing = new EncryptionError('a payload is encrypted with key old, …', 'hint');
  const wrapped = ApplicationFailure.fromError(missing, { message: `Failed to parse: ${missing.message}` });
  expect((await encodeErrorToFailure(converter, missing)).message).toContain('key old');
  expect((await encodeErrorToFailure(converter, wrapped)).message).toContain('key old');
  expect(wrapped.nonRetryable).not.toBe(true);
});

test('failures without keys stay readable', async () => {
  const failure = await encodeErrorToFailure(loadDataConverter(dataConverter), new Error('crash loop'));
  expect(failure.message).toBe('crash loop');
});
