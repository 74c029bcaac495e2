import { createServer } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { createApiHandler } from './api/handler.ts';
import type { ApiAnswer, ApiRequest } from './api/types.ts';
import type { Cluster } from './cluster.ts';
import { ApiError } from './errors.ts';
import { createExec } from './exec.ts';
import { PROTOBUF, protobufToJson } from './protobuf.ts';
import type { LoggedRequest } from './request-log.ts';
import { applyFaults } from './wire-faults.ts';
import type { Certificate } from './tls.ts';

export interface ApiServer {
  readonly port: number;
  /** Ends every watch that is open, as a proxy does that is restarted. */
  cutWatches(): void;
  /** Forgets past changes: watches from before are told 410. */
  compact(): void;
  close(): Promise<void>;
}

const MAX_BODY_BYTES = 3 * 1024 * 1024;

/** Serves a cluster's API over HTTPS on loopback. */
export async function serve(cluster: Cluster, certificate: Certificate, port: number): Promise<ApiServer> {
  const handler = createApiHandler(cluster);
  const exec = createExec(cluster, handler);
  const server = createServer({ key: certificate.key, cert: certificate.cert, keepAlive: true });
  const sockets = new Set<Duplex>();
  const watches = new Set<ServerResponse>();
  server.on('connection', (socket: Duplex) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('request', (incoming, response) => {
    respond(incoming, response).catch((error: unknown) => {
      if (!response.headersSent) write(response, internalError(error));
      else response.destroy();
    });
  });
  server.on('upgrade', (incoming, socket, head) => {
    exec.upgrade(incoming, socket, head);
  });
  // Clients that do not trust the certificate, and resets that faults make, are no concern of the server.
  server.on('tlsClientError', () => undefined);

  async function respond(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const cameAt = Date.now();
    const request = await read(incoming);
    const user = userOf(request);
    const faults = cluster.faults.request({ method: request.method, path: request.path, user });
    const proceed = await applyFaults(faults, incoming, response);
    const log = (status: number, effective: boolean, answered: LoggedRequest['answered']): void => {
      if (request.method === 'GET') return;
      const { method, body: text } = request;
      const path = incoming.url ?? '';
      const userAgent = incoming.headers['user-agent'] ?? '';
      const kinds = faults.map(({ kind }) => kind);
      cluster.requestLog.add({
        ...{ cameAt, at: Date.now(), user, userAgent, method, path },
        ...{ status, effective, answered, faults: kinds, text },
      });
    };
    if (proceed.stop) {
      const said = response.headersSent;
      return log(said ? response.statusCode : 0, false, said ? 'sent' : 'never');
    }
    const before = cluster.store.resourceVersion;
    const answer = handler.handle(request, { staleMs: proceed.staleMs });
    const effective = answer.status < 300 && cluster.store.resourceVersion > before;
    if (proceed.answer === 'lose') {
      log(answer.status, effective, 'lost');
      return void incoming.socket.destroy();
    }
    if (proceed.answer === 'hold') return log(answer.status, effective, 'never');
    const heldUp = faults.some(({ kind }) => kind === 'latency' || kind === 'late-answer');
    const hungUp = incoming.socket.destroyed;
    log(answer.status, effective, hungUp ? 'lost' : heldUp ? 'late' : 'sent');
    if (proceed.answerAfterMs !== undefined) await sleep(proceed.answerAfterMs);
    if (answer.watch) return follow(proceed.gone ? tooOld : answer.watch, response, proceed.dropWatchAfterMs);
    write(response, answer);
  }

  function follow(
    start: NonNullable<ApiAnswer['watch']>,
    response: ServerResponse,
    dropAfterMs: number | undefined,
  ): void {
    watches.add(response);
    response.once('close', () => watches.delete(response));
    stream(start, response, dropAfterMs);
  }

  function userOf(request: ApiRequest): string {
    try {
      return handler.identify(request).user;
    } catch {
      return '';
    }
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    cutWatches: () => {
      for (const response of watches) response.destroy();
    },
    compact: () => {
      handler.history.compact();
    },
    close: () =>
      new Promise((resolve) => {
        exec.close();
        server.close(() => {
          resolve();
        });
        for (const socket of sockets) socket.destroy();
      }),
  };
}

async function read(incoming: IncomingMessage): Promise<ApiRequest> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming) {
    const buffer = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
    size += buffer.length;
    if (size <= MAX_BODY_BYTES) chunks.push(buffer);
  }
  const body = Buffer.concat(chunks);
  const headers = Object.fromEntries(
    Object.entries(incoming.headers).map(([key, value]) => [
      key,
      Array.isArray(value) ? value.join(', ') : value,
    ]),
  );
  const json = headers['content-type'] === PROTOBUF ? protobufToJson(body) : undefined;
  const url = new URL(incoming.url ?? '/', 'https://localhost');
  return {
    method: incoming.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    headers: json === undefined ? headers : { ...headers, 'content-type': 'application/json' },
    body: json ?? body.toString('utf8'),
    ...(size > MAX_BODY_BYTES ? { tooLarge: true } : {}),
  };
}

function write(response: ServerResponse, { status, headers, body }: ApiAnswer): void {
  if (body === undefined) return void response.writeHead(status, headers).end();
  const text = typeof body === 'string' ? body : `${JSON.stringify(body)}\n`;
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(text);
}

function stream(
  start: NonNullable<ApiAnswer['watch']>,
  response: ServerResponse,
  dropAfterMs: number | undefined,
): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.flushHeaders();
  const stop = start(
    (event) => void response.write(`${JSON.stringify(event)}\n`),
    () => void response.end(),
  );
  const drop = dropAfterMs === undefined ? undefined : setTimeout(() => response.destroy(), dropAfterMs);
  response.once('close', () => {
    clearTimeout(drop);
    stop();
  });
}

/** What a watch is told whose version is compacted. */
const tooOld: NonNullable<ApiAnswer['watch']> = (send, end) => {
  send({ type: 'ERROR', object: new ApiError(410, 'Expired', 'too old resource version').toStatus() });
  end();
  return () => undefined;
};

function internalError(error: unknown): ApiAnswer {
  const message = error instanceof Error ? error.message : String(error);
  return {
    status: 500,
    body: new ApiError(500, 'InternalError', `Internal error occurred: ${message}`).toStatus(),
  };
}
