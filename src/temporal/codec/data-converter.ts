import { fileURLToPath } from 'node:url';
import type { DataConverter, PayloadCodec } from '@temporalio/common';
import { encryptionCodec } from './encryption-codec.ts';
import { EncryptionKeys } from './encryption-keys.ts';
import { largePayloadCodec } from './large-payload-codec.ts';

/** The module that makes payloads of failures: the SDK loads it, and bundles it with workflows, by its path. */
export const ENCODED_FAILURES = fileURLToPath(
  new URL(
    import.meta.url.endsWith('.ts') ? './encoded-failures.ts' : './encoded-failures.js',
    import.meta.url,
  ),
);

/** What is large is compressed, and then, where there is a current key, everything is encrypted. */
export function payloadCodecs(keys: EncryptionKeys): PayloadCodec[] {
  return [largePayloadCodec, encryptionCodec(keys)];
}

/** How values travel, for every client and worker of the tool. Reads what any release and any of the keys has written. */
export function createDataConverter(keys: EncryptionKeys): DataConverter {
  return {
    payloadCodecs: payloadCodecs(keys),
    ...(keys.current ? { failureConverterPath: ENCODED_FAILURES } : {}),
  };
}

/** Without keys: nothing is encrypted, and what is says which key it wants. */
export const dataConverter: DataConverter = createDataConverter(new EncryptionKeys());
