import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { TenantApi } from '../../src/openshift/tenant-api.ts';
import { accessTo } from '../../src/openshift/tenant-api.ts';
import type { Respond, ScriptedApi } from '../support/scripted-api.ts';
import { json, openScriptedApi, status } from '../support/scripted-api.ts';

let server: ScriptedApi;
beforeAll(async () => {
  server = await openScriptedApi();
});
afterAll(() => server.close());
beforeEach(() => {
  server.requests.length = 0;
});

/** So many faulty answers, then a good one. */
const after = (faults: number, fault: Respond): Respond => {
  return (incoming, response) => {
    const respond = server.requests.length <= faults ? fault : json({ items: [], status: { allowed: true } });
    respond(incoming, response);
  };
};

const reset: Respond = (incoming) => incoming.socket.destroy();
const html: Respond = (_, response) => response.writeHead(200).end('<html></html>');
const FAULTS: readonly (readonly [string, Respond])[] = [
  ['500', status(500)],
  ['503', status(503)],
  ['429', status(429)],
  ['a reset', reset],
  ['a login page', html],
];

const READS: readonly (readonly [string, (api: TenantApi) => Promise<unknown>])[] = [
  ['get', (api) => api.get('secrets', 'one')],
  ['list', (api) => api.list('secrets')],
  ['may', (api) => api.may(accessTo('create', 'secrets'))],
  ['rules', (api) => api.rules()],
  ['namespaceExists', (api) => api.namespaceExists()],
];

test.each(FAULTS)('after %s a read is tried again by itself', async (_, fault) => {
  server.respond = after(3, fault);
  await expect(server.open().list('secrets')).resolves.toEqual([]);
  expect(server.requests).toHaveLength(4);
});

test.each(READS)('so is %s', async (_, read) => {
  server.respond = after(1, reset);
  await read(server.open());
  expect(server.requests).toHaveLength(2);
});

test('in the end it is told what was wrong', async () => {
  server.respond = status(503);
  await expect(server.open().list('secrets')).rejects.toMatchObject({ kind: 'ServerError', status: 503 });
  expect(server.requests).toHaveLength(6);
});

test.each([401, 403, 404, 409, 422])('%i is an answer: it is not asked again', async (code) => {
  server.respond = status(code);
  await expect(server.open().list('secrets')).rejects.toMatchObject({ status: code });
  expect(server.requests).toHaveLength(1);
});

test.each(['1', () => new Date(Date.now() + 2_000).toUTCString()])(
  'Retry-After is honoured (%s)',
  async (given) => {
    const retryAfter = typeof given === 'string' ? given : given();
    server.respond = after(1, status(429, { 'retry-after': retryAfter }));
    const begun = performance.now();
    await server.open().list('secrets');
    expect(performance.now() - begun).toBeGreaterThan(900);
  },
);

test('a long Retry-After is left to whoever asked', async () => {
  server.respond = status(429, { 'retry-after': '60' });
  await expect(server.open().list('secrets')).rejects.toMatchObject({ retryAfterMs: 60_000 });
  expect(server.requests).toHaveLength(1);
});

test('the signal ends the pause between two tries', async () => {
  const stop = new AbortController();
  server.respond = (incoming, response) => {
    status(429, { 'retry-after': '9' })(incoming, response);
    setTimeout(() => {
      stop.abort(new Error('enough'));
    }, 50);
  };
  const begun = performance.now();
  await expect(server.open(stop.signal).list('secrets')).rejects.toThrow('enough');
  expect(performance.now() - begun).toBeLessThan(5_000);
  expect(server.requests).toHaveLength(1);
});
