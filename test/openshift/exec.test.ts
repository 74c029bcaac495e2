import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { WebSocket } from 'ws';
import { WebSocketServer } from 'ws';
import type { ExecLimits, ExecResult } from '../../src/openshift/http/exec.ts';
import type { ScriptedApi } from '../support/scripted-api.ts';
import { openScriptedApi } from '../support/scripted-api.ts';

let server: ScriptedApi;
let sockets: WebSocketServer;
/** What the API does with a command that it has begun. */
let run: (socket: WebSocket) => void;
let begun: string[];
beforeAll(async () => {
  server = await openScriptedApi();
  sockets = new WebSocketServer({ noServer: true, handleProtocols: () => 'v5.channel.k8s.io' });
});
afterAll(async () => {
  for (const socket of sockets.clients) socket.terminate();
  sockets.close();
  await server.close();
});
beforeEach(() => {
  begun = [];
  server.upgrade = (incoming, socket, head) => {
    begun.push(incoming.url ?? '');
    sockets.handleUpgrade(incoming, socket, head, (accepted) => {
      run(accepted);
    });
  };
});

const frame = (channel: number, text: string): Buffer =>
  Buffer.concat([Buffer.from([channel]), Buffer.from(text)]);
const end = (socket: WebSocket, status: unknown = { status: 'Success' }): void => {
  socket.send(frame(3, JSON.stringify(status)));
  socket.close();
};
const exec = (limits: ExecLimits = {}, pod = 'app-1', container = 'app'): Promise<ExecResult> =>
  server.open().exec(pod, container, ['rake', 'a b&c', 'täglich'], limits);

test('a command runs with its arguments as they are, and tells its end', async () => {
  run = (socket) => {
    socket.send(frame(1, 'out'));
    socket.send(frame(2, 'err'));
    end(socket, { status: 'Failure', details: { causes: [{ reason: 'ExitCode', message: '7' }] } });
  };
  expect(await exec()).toEqual({ exitCode: 7, stdout: 'out', stderr: 'err' });
  const url = new URL(begun[0] ?? '', 'https://localhost');
  expect(url.pathname).toBe('/api/v1/namespaces/tenant/pods/app-1/exec');
  expect(url.searchParams.getAll('command')).toEqual(['rake', 'a b&c', 'täglich']);
  expect(url.searchParams.get('container')).toBe('app');
});

test('of much output the end is kept', async () => {
  run = (socket) => {
    for (let line = 0; line < 3_000; line += 1) socket.send(frame(1, `${line} ${'x'.repeat(98)}\n`));
    end(socket);
  };
  const { stdout, exitCode } = await exec();
  expect(exitCode).toBe(0);
  expect(Buffer.byteLength(stdout)).toBe(64 * 1024);
  expect(stdout.endsWith(`2999 ${'x'.repeat(98)}\n`)).toBe(true);
});

test('an API that does not answer is Unreachable, and nobody knows whether the command began', async () => {
  server.upgrade = () => undefined;
  await expect(exec({ connectMs: 150 })).rejects.toMatchObject({ kind: 'Unreachable', unsure: true });
});

test('where nobody listens no command has begun', async () => {
  const gone = await openScriptedApi();
  const api = gone.open();
  await gone.close();
  await expect(api.exec('app-1', 'app', ['rake'])).rejects.toMatchObject({
    kind: 'Unreachable',
    unsure: false,
  });
});

test.each([
  [403, 'Forbidden', false],
  [404, 'NotFound', false],
  [400, 'Invalid', false],
  [500, 'ServerError', true],
])('an answer %i instead of a connection is %s', async (code, kind, unsure) => {
  server.upgrade = (_, socket) => {
    const body = JSON.stringify({ kind: 'Status', status: 'Failure', code, message: 'scripted' });
    socket.end(
      `HTTP/1.1 ${code} Scripted\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
  };
  await expect(exec()).rejects.toMatchObject({ kind, status: code, unsure });
});

test('a connection that is cut is Unreachable and unsure', async () => {
  run = (socket) => {
    socket.terminate();
  };
  await expect(exec()).rejects.toMatchObject({ kind: 'Unreachable', unsure: true });
});

test('a connection that is dead without a word is noticed', async () => {
  run = (socket) => {
    // What freezes does not answer pings either.
    (socket as unknown as { _socket: { pause(): void } })._socket.pause();
  };
  const running = exec({ pingMs: 20 });
  await expect(running).rejects.toMatchObject({ kind: 'Unreachable', unsure: true });
  await expect(running).rejects.toThrow('no sign of life');
});

test('a command that is quiet and alive is waited for', async () => {
  run = (socket) => {
    setTimeout(() => {
      end(socket);
    }, 600);
  };
  expect(await exec({ pingMs: 20 })).toMatchObject({ exitCode: 0 });
});

test('a command that outlasts its limit has timed out, and may still run', async () => {
  run = () => undefined;
  await expect(exec({ longestMs: 150 })).rejects.toMatchObject({ kind: 'TimedOut', unsure: true });
});

test('a command that runs is not cut short by the signal, and none begins after it', async () => {
  const stop = new AbortController();
  const api = server.open(stop.signal);
  run = (socket) => {
    stop.abort(new Error('the worker goes away'));
    setTimeout(() => {
      end(socket);
    }, 100);
  };
  expect(await api.exec('app-1', 'app', ['rake'])).toMatchObject({ exitCode: 0 });
  await expect(api.exec('app-1', 'app', ['rake'])).rejects.toThrow('the worker goes away');
  expect(begun).toHaveLength(1);
});

test.each([
  ['x/../y', 'app'],
  ['app-1?a', 'app'],
  ['app-1%2fexec', 'app'],
  ['app-1', 'app&command=sh'],
])('a pod %s with a container %s is refused before anything is sent', async (pod, container) => {
  await expect(exec({}, pod, container)).rejects.toMatchObject({ kind: 'Invalid', unsure: false });
  expect(begun).toEqual([]);
});
