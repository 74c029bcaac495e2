import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { Payload, PayloadCodec } from '@temporalio/common';
import protos from '@temporalio/proto';
import { EncryptionError } from './encryption-error.ts';
import type { EncryptionKey, EncryptionKeys } from './encryption-keys.ts';

const { Payload: PayloadMessage } = protos.temporal.api.common.v1;

/** Named as in Temporal's own samples, so that its tools show them as what they are. */
const ENCODING = 'binary/encrypted';
const KEY_ID = 'encryption-key-id';

const CIPHER = 'aes-256-gcm';
/** 96 bits, which GCM is made for; drawn anew for every payload. */
const IV_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Encrypts each payload as a whole, its own metadata too, with the current key; decrypts with the key that the payload
 * names. What is not encrypted passes as it is, and so does everything where there is no current key.
 */
export function encryptionCodec(keys: EncryptionKeys): PayloadCodec {
  return {
    encode: async (payloads) => {
      const { current } = keys;
      return current ? payloads.map((payload) => encrypt(payload, current)) : payloads;
    },
    decode: async (payloads) =>
      payloads.map((payload) => {
        if (text(payload.metadata?.['encoding']) !== ENCODING) return payload;
        return decrypt(payload, keys.find(text(payload.metadata?.[KEY_ID])), keys.source);
      }),
  };
}

function encrypt(payload: Payload, { id, key }: EncryptionKey): Payload {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(CIPHER, key, iv, { authTagLength: TAG_BYTES }).setAAD(boundTo(id));
  const inner = PayloadMessage.encode(payload).finish();
  const data = Buffer.concat([iv, cipher.update(inner), cipher.final(), cipher.getAuthTag()]);
  return { metadata: { encoding: Buffer.from(ENCODING), [KEY_ID]: Buffer.from(id) }, data };
}

function decrypt({ data }: Payload, { id, key }: EncryptionKey, source: string): Payload {
  try {
    const bytes = Buffer.from(data ?? []);
    const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES })
      .setAAD(boundTo(id))
      .setAuthTag(bytes.subarray(-TAG_BYTES));
    const inner = Buffer.concat([decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES)), decipher.final()]);
    return PayloadMessage.decode(inner);
  } catch (error) {
    throw new EncryptionError(
      `a payload cannot be decrypted with key ${id} of ${source}: another key has its name there, or the payload was changed`,
      `Compare the line "${id}: …" with where the payload was written. Nothing is lost meanwhile.`,
      { cause: error },
    );
  }
}

/** What stands readable beside the data is authenticated with it: a payload cannot be given another key's name. */
const boundTo = (id: string): Buffer => Buffer.from(`${ENCODING}\n${KEY_ID}: ${id}`);

const text = (bytes: Uint8Array | null | undefined): string => Buffer.from(bytes ?? []).toString();
