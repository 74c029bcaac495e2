import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { TenantApi } from '../../src/openshift/tenant-api.ts';
import type { ScriptedApi } from '../support/scripted-api.ts';
import { json, openScriptedApi, silent, status } from '../support/scripted-api.ts';

let server: ScriptedApi;
beforeAll(async () => {
  server = await openScriptedApi({ deadlineMs: 2_000 });
});
afterAll(() => server.close());
beforeEach(() => {
  server.requests.length = 0;
  stop = new AbortController();
});

let stop: AbortController;
const LEFT = new Error('the worker goes away');

const WRITES: readonly (readonly [string, (api: TenantApi) => Promise<unknown>])[] = [
  ['a creation', (api) => api.create('routes', { metadata: { name: 'one' }, spec: { to: TO } })],
  ['a patch', (api) => api.patch('routes', 'one', [])],
  ['a deletion', (api) => api.delete('routes', 'one')],
  ['a rollout', (api) => api.instantiate('one')],
];
const TO = { kind: 'Service', name: 'one' };

describe.each(WRITES)('%s', (_, write) => {
  test('that is under way when the signal aborts is waited out, then the reason is thrown', async () => {
    let answered = false;
    server.respond = (incoming, response) => {
      stop.abort(LEFT);
      setTimeout(() => {
        answered = true;
        json({})(incoming, response);
      }, 200);
    };
    await expect(write(server.open(stop.signal))).rejects.toBe(LEFT);
    expect(answered).toBe(true);
    expect(server.requests).toHaveLength(1);
  });

  test('that is refused after the signal has aborted is no longer under way: the reason is thrown', async () => {
    server.respond = (incoming, response) => {
      stop.abort(LEFT);
      status(403)(incoming, response);
    };
    await expect(write(server.open(stop.signal))).rejects.toBe(LEFT);
  });

  test('is not begun once the signal has aborted', async () => {
    stop.abort(LEFT);
    await expect(write(server.open(stop.signal))).rejects.toBe(LEFT);
    expect(server.requests).toEqual([]);
  });

  test('that nobody answers is unsure, also where the signal has aborted', async () => {
    server.respond = (incoming) => {
      stop.abort(LEFT);
      setTimeout(() => incoming.socket.destroy(), 100);
    };
    await expect(write(server.open(stop.signal))).rejects.toMatchObject({
      kind: 'Unreachable',
      unsure: true,
    });
  });
});

const patch = (): Promise<unknown> => server.open().patch('routes', 'one', []);

test.each([
  ['refused', 403, false],
  ['no longer what it was', 409, false],
  ['invalid', 422, false],
  ['throttled', 429, false],
  ['failed within the server', 500, true],
  ['given up by a gateway', 504, true],
])('a write that is %s (%i) says whether it is unsure: %s', async (_, code, unsure) => {
  server.respond = status(code);
  await expect(patch()).rejects.toMatchObject({ status: code, unsure });
  expect(server.requests).toHaveLength(1);
});

test('a write that is answered by a login page is unsure', async () => {
  server.respond = (__, response) => response.writeHead(200).end('<html></html>');
  await expect(patch()).rejects.toMatchObject({ kind: 'Unreachable', unsure: true });
});

test('a write to where nobody listens was certainly not done', async () => {
  const gone = await openScriptedApi();
  const api = gone.open();
  await gone.close();
  await expect(api.patch('routes', 'one', [])).rejects.toMatchObject({ kind: 'Unreachable', unsure: false });
});

test('a read that is under way when the signal aborts is dropped at once', async () => {
  server.respond = silent;
  const reading = server.open(stop.signal).list('routes');
  setTimeout(() => {
    stop.abort(LEFT);
  }, 50);
  const begun = performance.now();
  await expect(reading).rejects.toBe(LEFT);
  expect(performance.now() - begun).toBeLessThan(1_500);
});
