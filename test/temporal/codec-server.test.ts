import { connect } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { defaultPayloadConverter } from '@temporalio/common';
import type { Listening } from '../../src/http-listening.ts';
import { encodePayloads } from '../../src/temporal/codec/codecs.ts';
import { readPayloads, writePayloads } from '../../src/temporal/codec/codec-request.ts';
import type { CodecServerSettings } from '../../src/temporal/codec/codec-server.ts';
import { startCodecServer } from '../../src/temporal/codec/codec-server.ts';
import { payloadCodecs } from '../../src/temporal/codec/data-converter.ts';
import { EncryptionKeys } from '../../src/temporal/codec/encryption-keys.ts';
import { keyLine, writeKeyFile } from '../support/key-file.ts';

const UI = 'http://127.0.0.1:8233';
const keys = new EncryptionKeys(writeKeyFile([keyLine('k1')]));

let server: Listening | undefined;
let troubles: string[] = [];
afterEach(async () => {
  await server?.close();
  server = undefined;
  troubles = [];
});

type Ask = (
  path: string,
  body: string,
  headers?: Record<string, string>,
  method?: string,
) => Promise<Response>;

/** Starts one, and hands back how it is asked: as Temporal's CLI does, but for the headers that are given. */
async function serve(more: Partial<CodecServerSettings> = {}): Promise<Ask> {
  server = await startCodecServer({
    codecs: payloadCodecs(keys),
    host: '127.0.0.1',
    port: 0,
    origins: [UI],
    namespace: 'default',
    onTrouble: (line) => void troubles.push(line),
    ...more,
  });
  const { port } = server;
  return (path, body, headers = {}, method = 'POST') =>
    fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      headers: { 'content-type': 'application/json', 'x-namespace': 'default', ...headers },
      ...(method === 'POST' ? { body } : {}),
    });
}

const plain = (...values: readonly unknown[]): string =>
  writePayloads(values.map((value) => defaultPayloadConverter.toPayload(value)));

test('what /encode has encrypted, /decode gives back in its order; plain and compressed ones are read too', async () => {
  const ask = await serve();
  const sent = plain('change 4711', { large: 'x'.repeat(100_000) }, null);
  const encoded = await (await ask('/encode', sent)).text();
  expect(JSON.parse(encoded)).toMatchObject({
    payloads: Array.from({ length: 3 }, () => ({
      metadata: { encoding: Buffer.from('binary/encrypted').toString('base64') },
    })),
  });
  const decoded = await ask('/decode', encoded);
  expect([decoded.status, decoded.headers.get('content-type')]).toEqual([200, 'application/json']);
  expect(await decoded.text()).toBe(sent);
  expect(await (await ask('/decode', sent)).text()).toBe(sent);
  const today = await encodePayloads(payloadCodecs(new EncryptionKeys()), [
    defaultPayloadConverter.toPayload({ large: 'x'.repeat(100_000) }),
  ]);
  expect(await (await ask('/decode', writePayloads(today))).text()).toBe(
    plain({ large: 'x'.repeat(100_000) }),
  );
  expect(troubles).toEqual([]);
});

test('what its keys do not read comes back as it is, beside what they do; which key it is, is told where it runs', async () => {
  const encoded = await (await (await serve())('/encode', plain('change 4711'))).text();
  await server?.close();
  const ask = await serve({ codecs: payloadCodecs(new EncryptionKeys()) });
  const [lacking] = readPayloads(encoded) ?? [];
  const [readable] = readPayloads(plain('x')) ?? [];
  if (!lacking || !readable) throw new Error('there are no payloads');
  const mixed = writePayloads([readable, lacking, lacking]);
  const answer = await ask('/decode', mixed);
  expect([answer.status, await answer.text()]).toEqual([200, mixed]);
  expect(troubles).toEqual([
    expect.stringContaining('encrypted with key k1, and this process has no keys: set'),
  ]);
});

test('a page of the UI may ask, after its browser has; one of any other site may not', async () => {
  const ask = await serve();
  const preflight = await ask(
    '/decode',
    '',
    { origin: UI, 'access-control-request-method': 'POST', 'access-control-request-private-network': 'true' },
    'OPTIONS',
  );
  expect(preflight.status).toBe(204);
  expect(Object.fromEntries(preflight.headers)).toMatchObject({
    'access-control-allow-origin': UI,
    'access-control-allow-methods': 'POST, OPTIONS',
    'access-control-allow-headers': 'authorization, content-type, x-namespace',
    'access-control-allow-private-network': 'true',
    vary: 'Origin',
  });
  const allowed = await ask('/decode', plain('x'), { origin: UI });
  expect([allowed.status, allowed.headers.get('access-control-allow-origin')]).toEqual([200, UI]);
  for (const origin of ['http://evil.example.com', 'null', `${UI}.evil.example.com`]) {
    for (const method of ['OPTIONS', 'POST']) {
      const refused = await ask('/decode', plain('x'), { origin }, method);
      expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([403, null]);
    }
  }
  expect(allowed.headers.get('access-control-allow-credentials')).toBeNull();
});

test('with a token, only who brings it is answered', async () => {
  const ask = await serve({ token: 'a-token-of-the-team' });
  for (const authorization of [
    undefined,
    'Bearer other',
    'a-token-of-the-team',
    'Bearer a-token-of-the-tea',
  ]) {
    const refused = await ask('/decode', plain('x'), authorization === undefined ? {} : { authorization });
    expect(refused.status).toBe(401);
  }
  const allowed = await ask('/decode', plain('x'), { authorization: 'Bearer a-token-of-the-team' });
  expect(allowed.status).toBe(200);
  expect(troubles.join()).not.toContain('a-token');
  // A browser brings none when it asks whether the page may.
  expect((await ask('/decode', '', { origin: UI }, 'OPTIONS')).status).toBe(204);
});

test.each([
  ['another namespace', '/decode', plain('x'), { 'x-namespace': 'other' }, 'POST', 403],
  ['another path', '/', plain('x'), {}, 'POST', 404],
  ['another method', '/decode', '', {}, 'GET', 405],
  ['another type', '/decode', plain('x'), { 'content-type': 'text/plain' }, 'POST', 415],
  ['no JSON', '/decode', '{', {}, 'POST', 400],
  ['other JSON', '/decode', '{"payloads": 7}', {}, 'POST', 400],
  ['no payloads', '/decode', '{}', {}, 'POST', 400],
  ['too much', '/decode', plain('x'.repeat(17 * 1024 * 1024)), {}, 'POST', 413],
])('%s is refused, and it goes on', async (_, path, body, headers, method, status) => {
  const ask = await serve();
  expect((await ask(path, body, headers, method)).status).toBe(status);
  expect(troubles).toHaveLength(1);
  expect((await ask('/decode', plain('x'))).status).toBe(200);
});

test('a small body that unfolds to more than there is room for is refused', async () => {
  const { gzipSync } = await import('node:zlib');
  const base64 = (text: string): string => Buffer.from(text).toString('base64');
  const metadata = { encoding: base64('binary/gzip'), 'threescale-upgrade-encoding': base64('json/plain') };
  const ask = await serve();
  const one = { metadata, data: gzipSync(Buffer.alloc(65 * 1024 * 1024)).toString('base64') };
  const alone = await ask('/decode', JSON.stringify({ payloads: [one] }));
  expect([alone.status, await alone.text()]).toEqual([400, expect.stringContaining('cannot be read')]);
  const some = { metadata, data: gzipSync(Buffer.alloc(30 * 1024 * 1024)).toString('base64') };
  expect((await ask('/decode', JSON.stringify({ payloads: [some, some, some] }))).status).toBe(413);
});

test('who names no namespace is answered, as Temporal’s CLI where it was not told which', async () => {
  const ask = await serve({ namespace: 'prod' });
  expect((await ask('/decode', plain('x'), { 'x-namespace': '' })).status).toBe(200);
  expect((await ask('/decode', plain('x'), { 'x-namespace': 'prod' })).status).toBe(200);
  expect((await ask('/decode', plain('x'), { 'x-namespace': 'default' })).status).toBe(403);
});

test('it ends at once, whoever is connected', async () => {
  await serve();
  const socket = connect(server?.port ?? 0, '127.0.0.1');
  await new Promise((resolve) => socket.once('connect', resolve));
  const gone = new Promise((resolve) => socket.on('error', () => undefined).once('close', resolve));
  socket.write('POST /decode HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{');
  await server?.close();
  await gone;
});
