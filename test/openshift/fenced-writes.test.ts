/** Issue 12, fault 3: between a fence that was passed and the first byte, a process may be stopped, or a connection wait. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Operation } from 'fast-json-patch';
import { WebSocketServer } from 'ws';
import type { TenantApi, WriteFence } from '../../src/openshift/tenant-api.ts';
import type { ScriptedApi } from '../support/scripted-api.ts';
import { json, openScriptedApi, status } from '../support/scripted-api.ts';

let server: ScriptedApi;
let sockets: WebSocketServer;
beforeAll(async () => {
  server = await openScriptedApi();
  sockets = new WebSocketServer({ noServer: true, handleProtocols: () => 'v5.channel.k8s.io' });
  server.upgrade = (incoming, socket, head) => {
    server.requests.push(`exec ${incoming.url ?? ''}`);
    sockets.handleUpgrade(incoming, socket, head, (accepted) => {
      accepted.send(Buffer.concat([Buffer.from([3]), Buffer.from('{"status":"Success"}')]));
      accepted.close();
    });
  };
});
afterAll(async () => {
  sockets.close();
  await server.close();
});
beforeEach(() => {
  server.requests.length = 0;
  server.respond = json({});
});

/** A fence that has gone stale the first so many times that a connection stands. */
class SlowFence implements WriteFence {
  passed = 0;
  #stale: number;

  constructor(stale: number) {
    this.#stale = stale;
  }

  get isOpen(): boolean {
    this.#stale -= 1;
    return this.#stale < 0;
  }

  pass(): Promise<void> {
    this.passed += 1;
    return this.passed > 3 ? Promise.reject(new Error('no longer current')) : Promise.resolve();
  }
}

const TO = { kind: 'Service', name: 'one' };
const WRITES: readonly (readonly [string, (api: TenantApi) => Promise<unknown>])[] = [
  ['a creation', (api) => api.create('routes', { metadata: { name: 'one' }, spec: { to: TO } })],
  ['a patch', (api) => api.patch('routes', 'one', [])],
  ['a deletion', (api) => api.delete('routes', 'one')],
  ['a rollout', (api) => api.instantiate('one')],
  ['a command', (api) => api.exec('app-1', 'app', ['true'])],
];

describe.each(WRITES)('%s', (_, write) => {
  test('whose fence has gone stale when it could be sent is not sent, and passes the fence again', async () => {
    const fence = new SlowFence(2);
    await write(server.open().fencedBy(fence));
    expect(fence.passed).toBe(3);
    expect(server.requests).toHaveLength(1);
  });

  test('is never sent where the fence then lets nothing pass any more', async () => {
    const fence = new SlowFence(Infinity);
    await expect(write(server.open().fencedBy(fence))).rejects.toThrow('no longer current');
    expect(server.requests).toEqual([]);
  });
});

test('a write that is too late time and again is given up, and certainly not done', async () => {
  const pass = (): Promise<void> => Promise.resolve();
  const api = server.open().fencedBy({ pass, isOpen: false });
  await expect(api.patch('routes', 'one', [])).rejects.toMatchObject({ kind: 'Unreachable', unsure: false });
  expect(server.requests).toEqual([]);
});

test('reads need no fence', async () => {
  const fence = new SlowFence(Infinity);
  await server.open().fencedBy(fence).get('routes', 'one');
  expect(fence.passed).toBe(0);
});

const GUARD: Operation = { op: 'test', path: '/metadata/resourceVersion', value: '7' };
const LOST: readonly (readonly [string, number, (api: TenantApi) => Promise<unknown>])[] = [
  ['a creation', 1, (api) => api.create('routes', { metadata: { name: 'one' }, spec: { to: TO } })],
  ['a rollout', 1, (api) => api.instantiate('one')],
  ['a deletion by the name alone', 1, (api) => api.delete('routes', 'one')],
  [
    'one of a tag, of which the uid says nothing',
    1,
    (api) => api.delete('imagestreamtags', 'a:b', { uid: 'u' }),
  ],
  ['a patch that tests nothing', 1, (api) => api.patch('routes', 'one', [])],
  ['a deletion by the uid', 0, (api) => api.delete('routes', 'one', { uid: 'u' })],
  ['a patch that tests the resourceVersion', 0, (api) => api.patch('routes', 'one', [GUARD])],
];

test.each(LOST)('the fence is told of what may take effect late: %s', async (_, told, write) => {
  let lost = 0;
  const fence = {
    pass: () => Promise.resolve(),
    isOpen: true,
    unguardedLost: () => {
      lost += 1;
    },
  };
  server.respond = (incoming) => {
    incoming.socket.destroy();
  };
  await expect(write(server.open().fencedBy(fence))).rejects.toMatchObject({ unsure: true });
  expect(lost).toBe(told);
  server.respond = status(403);
  await expect(write(server.open().fencedBy(fence))).rejects.toMatchObject({ kind: 'Forbidden' });
  expect(lost).toBe(told);
});
