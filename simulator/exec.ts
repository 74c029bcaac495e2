import { ServerResponse } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import type { ApiHandler } from './api/handler.ts';
import { parsePath } from './api/path.ts';
import type { Cluster } from './cluster.ts';
import type { ExecRequest } from './commands.ts';
import { ApiError, badRequest, forbidden, notFound } from './errors.ts';
import type { RequestFault } from './faults.ts';
import { asPod, isReady } from './objects.ts';
import type { LoggedRequest } from './request-log.ts';
import { RESOURCES } from './resources.ts';
import { applyFaults } from './wire-faults.ts';
import type { Proceed } from './wire-faults.ts';

const CHANNEL = { stdout: 1, stderr: 2, error: 3 } as const;

/** `kubectl exec` over websockets, as `v4.channel.k8s.io` and `v5.channel.k8s.io` speak. */
export function createExec(
  cluster: Cluster,
  handler: ApiHandler,
): { upgrade(incoming: IncomingMessage, socket: Duplex, head: Buffer): void; close(): void } {
  const server = new WebSocketServer({
    noServer: true,
    handleProtocols: (offered) =>
      ['v5.channel.k8s.io', 'v4.channel.k8s.io'].find((protocol) => offered.has(protocol)) ?? false,
  });

  function prepare(incoming: IncomingMessage): ExecRequest {
    const url = new URL(incoming.url ?? '/', 'https://localhost');
    const parsed = parsePath(url.pathname);
    const authorization = incoming.headers.authorization;
    const identity = handler.identify({ headers: { authorization } });
    if (parsed?.resource !== RESOURCES.pods || parsed.subresource !== 'exec')
      throw badRequest('not an exec request');
    const { namespace = '', name = '' } = parsed;
    const access = { verb: 'create', group: '', resource: 'pods', subresource: 'exec', namespace, name };
    const viaGet = { ...access, verb: 'get' };
    const { identities } = cluster;
    if (!identities.authorize(identity, access).allowed && !identities.authorize(identity, viaGet).allowed) {
      throw forbidden(RESOURCES.pods, {
        user: identity.user,
        verb: 'create',
        subresource: 'exec',
        namespace,
        name,
      });
    }
    const found = cluster.store.get(RESOURCES.pods, namespace, name);
    if (!found) throw notFound(RESOURCES.pods, name);
    const pod = asPod(found);
    if (!isReady(pod)) throw badRequest(`pod ${name} does not have a host assigned`);
    const containers = pod.spec.containers.map((container) => container.name);
    const container = url.searchParams.get('container') ?? containers[0] ?? '';
    if (!containers.includes(container))
      throw badRequest(`container ${container} is not valid for pod ${name}`);
    cluster.audit.countRequest(identity.user, namespace, 'create');
    return { namespace, pod, container, command: url.searchParams.getAll('command') };
  }

  function run(socket: WebSocket, request: ExecRequest): void {
    const result = cluster.commands.run(request) ?? {
      stdout: '',
      stderr: `${request.command[0] ?? ''}: not found\n`,
      exitCode: 127,
    };
    send(socket, CHANNEL.stdout, result.stdout);
    send(socket, CHANNEL.stderr, result.stderr);
    send(socket, CHANNEL.error, JSON.stringify(statusOf(result.exitCode)));
    socket.close(1000);
  }

  /** Faults meet it as they meet other requests; the log has it as `EXEC`, without its arguments. */
  async function upgrade(incoming: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const cameAt = Date.now();
    const url = new URL(incoming.url ?? '/', 'https://localhost');
    const { authorization } = incoming.headers;
    const user = userOf(handler, authorization);
    const faults = cluster.faults.request({ method: 'GET', path: url.pathname, user });
    const log = (status: number, answered: LoggedRequest['answered']): void => {
      cluster.requestLog.add({
        ...{ cameAt, at: Date.now(), user, userAgent: incoming.headers['user-agent'] ?? '', method: 'EXEC' },
        ...{ path: url.pathname, status, effective: status === 101, answered, text: url.search },
        faults: faults.map(({ kind }) => kind),
      });
    };
    const proceed = await beforeUpgrade(faults, incoming, socket);
    if (proceed.stop) return log(0, 'never');
    try {
      const request = prepare(incoming);
      if (proceed.answer) {
        cluster.commands.run(request);
        log(101, proceed.answer === 'lose' ? 'lost' : 'never');
        if (proceed.answer === 'lose') socket.destroy();
        return;
      }
      server.handleUpgrade(incoming, socket, head, (client) => {
        log(101, 'sent');
        run(client, request);
      });
    } catch (error) {
      const failure = error instanceof ApiError ? error : new ApiError(500, 'InternalError', String(error));
      log(failure.code, 'sent');
      const body = JSON.stringify(failure.toStatus());
      socket.end(
        `HTTP/1.1 ${failure.code} ${failure.reason ?? ''}\r\ncontent-type: application/json\r\n` +
          `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
      );
    }
  }

  return {
    upgrade(incoming, socket, head) {
      socket.on('error', () => undefined);
      void upgrade(incoming, socket, head);
    },
    close() {
      for (const client of server.clients) client.terminate();
      server.close();
    },
  };
}

function userOf(handler: ApiHandler, authorization: string | undefined): string {
  try {
    return handler.identify({ headers: { authorization } }).user;
  } catch {
    return '';
  }
}

/** Faults answer over HTTP, as long as nothing else has been agreed on. */
async function beforeUpgrade(
  faults: readonly RequestFault[],
  incoming: IncomingMessage,
  socket: Duplex,
): Promise<Proceed> {
  if (faults.length === 0) return {};
  const response = new ServerResponse(incoming);
  // What a TLS server hands over is a socket.
  response.assignSocket(socket as Socket);
  const proceed = await applyFaults(faults, incoming, response);
  if (proceed.stop && response.headersSent) socket.end();
  if (!proceed.stop && !socket.destroyed) response.detachSocket(socket as Socket);
  return proceed;
}

function send(socket: WebSocket, channel: number, text: string): void {
  if (text) socket.send(Buffer.concat([Buffer.from([channel]), Buffer.from(text)]));
}

function statusOf(exitCode: number): unknown {
  if (exitCode === 0) return { metadata: {}, status: 'Success' };
  return {
    metadata: {},
    status: 'Failure',
    message: `command terminated with non-zero exit code: exit status ${exitCode}`,
    reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: String(exitCode) }] },
  };
}
