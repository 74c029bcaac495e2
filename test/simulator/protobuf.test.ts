import { expect, test } from '@jest/globals';
import { protobufToJson } from '../../simulator/protobuf.ts';

/** A length-delimited field as the wire has it. */
const field = (number: number, content: string | Buffer): Buffer => {
  const bytes = Buffer.from(content);
  return Buffer.concat([Buffer.from([(number << 3) | 2, bytes.length]), bytes]);
};
const envelope = (kind: string, raw: Buffer): Buffer => {
  const typeMeta = Buffer.concat([field(1, 'v1'), field(2, kind)]);
  return Buffer.concat([Buffer.from('k8s\0'), field(1, typeMeta), field(2, raw)]);
};

test('a ConfigMap as kubectl sends it', () => {
  const entry = Buffer.concat([field(1, 'b'), field(2, 'c')]);
  const raw = Buffer.concat([field(1, field(1, 'a')), field(2, entry)]);
  expect(JSON.parse(protobufToJson(envelope('ConfigMap', raw)) ?? '')).toEqual({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'a' },
    data: { b: 'c' },
  });
});

test('a Secret’s bytes are base64, as JSON has them', () => {
  const entry = Buffer.concat([field(1, 'b'), field(2, 'c')]);
  const json = protobufToJson(envelope('Secret', Buffer.concat([field(2, entry), field(3, 'Opaque')])));
  expect(JSON.parse(json ?? '')).toMatchObject({ data: { b: 'Yw==' }, type: 'Opaque' });
});

test('types that are not known here are left to be refused', () => {
  expect(protobufToJson(envelope('Pod', Buffer.alloc(0)))).toBeUndefined();
  expect(protobufToJson(Buffer.from('{"kind":"ConfigMap"}'))).toBeUndefined();
});
