import { createServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { WatchedConnection } from '../../src/temporal/watched-connection.ts';

/** What a connection is made to, and can be taken away at once. */
async function serve(port = 0) {
  const server = createServer();
  const sessions = new Set<{ destroy(): void; goaway(): void }>();
  server.on('session', (session) => {
    sessions.add(session);
    session.on('close', () => sessions.delete(session));
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    sessions,
    goaway: () => {
      for (const session of sessions) session.goaway();
    },
    stop: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const session of sessions) session.destroy();
      await closed;
    },
  };
}

async function until(reached: () => boolean): Promise<void> {
  while (!reached()) await sleep(20);
}

test('each time that nobody is there any more is noticed, also soon after the last one', async () => {
  let server = await serve();
  const { port } = server;
  const connection = WatchedConnection.open({ address: `127.0.0.1:${port}` });
  let lost = 0;
  connection.watch(() => (lost += 1));
  for (let times = 1; times <= 3; times += 1) {
    await until(() => server.sessions.size > 0);
    const before = lost;
    await server.stop();
    await until(() => lost > before);
    server = await serve(port);
  }
  await until(() => server.sessions.size > 0);
  await connection.close();
  await until(() => server.sessions.size === 0);
  await sleep(300);
  expect(server.sessions.size).toBe(0);
  await server.stop();
});

test('a server that asks to come anew, and is there, is no loss', async () => {
  const server = await serve();
  const connection = WatchedConnection.open({ address: `127.0.0.1:${server.port}` });
  let lost = 0;
  connection.watch(() => (lost += 1));
  await until(() => server.sessions.size > 0);
  const [first] = server.sessions;
  server.goaway();
  await until(() => server.sessions.size > 0 && [...server.sessions].some((session) => session !== first));
  expect(lost).toBe(0);
  await connection.close();
  await server.stop();
});
