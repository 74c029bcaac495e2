import { createServer } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { createApiHandler } from '../../simulator/api/handler.ts';
import type { ApiAnswer, ApiRequest } from '../../simulator/api/types.ts';
import type { Cluster } from '../../simulator/cluster.ts';
import { createExec } from '../../simulator/exec.ts';
import type { Certificate } from '../../simulator/tls.ts';
import type { Arrival, Course, Verdict } from '../faults/course.ts';
import { GO } from '../faults/course.ts';
import { changeOf } from './deeds.ts';
import type { Change, Deed } from './deeds.ts';
import { refusalBody } from './refusal.ts';

/** A cluster's API on loopback, where every request may be interfered with, and every effect is noted. */
export interface Wire {
  readonly port: number;
  readonly arrivals: readonly Arrival[];
  readonly deeds: readonly Deed[];
  close(): Promise<void>;
}

export interface WireOptions {
  readonly cluster: Cluster;
  readonly certificate: Certificate;
  readonly intercept: (arrival: Arrival) => Course | undefined;
}

export async function openWire({ cluster, certificate, intercept }: WireOptions): Promise<Wire> {
  const handler = createApiHandler(cluster);
  const exec = createExec(cluster, handler);
  const arrivals: Arrival[] = [];
  const deeds: Deed[] = [];
  const counts = new Map<string, number>();
  const answered = new Map<string, ApiAnswer>();
  let changes: Change[] | undefined;
  cluster.store.subscribe((event) => changes?.push(changeOf(event)));

  const server = createServer({ key: certificate.key, cert: certificate.cert, keepAlive: true });
  const sockets = new Set<Duplex>();
  server.on('connection', (socket: Duplex) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('tlsClientError', () => undefined);
  server.on('request', (incoming, response) => {
    respond(incoming, response).catch(() => response.destroy());
  });
  server.on('upgrade', (incoming: IncomingMessage, socket: Duplex, head: Buffer) => {
    const arrival = arrive(requestOf(incoming, ''));
    void Promise.resolve(intercept(arrival)?.before?.() ?? GO).then((verdict) => {
      if (verdict.do === 'silence') return;
      if (verdict.do !== 'go') return void socket.destroy();
      deeds.push({ ...arrival, sentAt: arrival.at, changes: [] });
      exec.upgrade(incoming, socket, head);
    });
  });

  function arrive({ method, path, query, headers, body }: ApiRequest): Arrival {
    const namespace = /\/namespaces\/([^/]+)/.exec(path)?.[1] ?? '';
    const nth = (counts.get(namespace) ?? 0) + 1;
    counts.set(namespace, nth);
    const writer = /worker-(\w+)/.exec(headers.authorization ?? '')?.[1] ?? 'nobody';
    const isWatch = query.get('watch') === 'true';
    const changes = method === 'PATCH' ? changesOf(body) : '';
    const arrival = { at: Date.now(), method, path, changes, isWatch, namespace, writer, nth };
    arrivals.push(arrival);
    return arrival;
  }

  async function respond(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = requestOf(incoming, await bodyOf(incoming));
    const arrival = arrive(request);
    const course = intercept(arrival) ?? {};
    const verdict = (await course.before?.()) ?? GO;
    if (verdict.do === 'late') {
      setTimeout(() => handle(arrival, request), verdict.afterMs);
      if (verdict.seen === 'cut') incoming.socket.destroy();
      return;
    }
    if (verdict.do !== 'go') return turnAway(verdict, incoming, response);
    if (arrival.isWatch && course.watchIsGone) return write(response, gone());
    const question =
      arrival.method === 'GET' && !arrival.isWatch ? `${arrival.path}?${request.query.toString()}` : '';
    const before = course.stale && question ? answered.get(question) : undefined;
    const answer = before ?? handle(arrival, request);
    if (question && answer.status === 200) answered.set(question, copyOf(answer));
    const outcome = (await course.after?.()) ?? GO;
    if (outcome.do !== 'go') return turnAway(outcome, incoming, response);
    if (answer.watch) return stream(answer.watch, response, course.watchEndsAfterMs);
    write(response, answer);
  }

  /** Notes what the request itself changes: controllers come later, by their own queue. */
  function handle(arrival: Arrival, request: ApiRequest): ApiAnswer {
    const own: Change[] = (changes = []);
    try {
      return handler.handle(request);
    } finally {
      changes = undefined;
      if (own.length > 0) deeds.push({ ...arrival, sentAt: arrival.at, at: Date.now(), changes: own });
    }
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    arrivals,
    deeds,
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

function turnAway(verdict: Verdict, incoming: IncomingMessage, response: ServerResponse): void {
  if (verdict.do === 'cut') incoming.socket.destroy();
  if (verdict.do !== 'refuse') return;
  const { status, retryAfterSeconds } = verdict;
  const headers = retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) };
  write(response, { status, headers, body: refusalBody(status, retryAfterSeconds) });
}

/** Operations and paths of a JSON Patch. The upgrade's own marks are left out where they come with something else. */
function changesOf(body: string): string {
  const patch = JSON.parse(body) as unknown;
  if (!Array.isArray(patch)) return '';
  const all = (patch as { op: string; path: string }[])
    .filter(({ op }) => op !== 'test')
    .map(({ op, path }) => `${op} ${path}`);
  const others = all.filter((change) => !change.includes('/metadata/annotations'));
  return (others.length > 0 ? others : all).join(', ');
}

const gone = (): ApiAnswer => ({ status: 410, body: refusalBody(410) });
/** Bodies are the store's own objects, which are replaced and never changed. */
const copyOf = (answer: ApiAnswer): ApiAnswer => ({ ...answer });

async function bodyOf(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function requestOf(incoming: IncomingMessage, body: string): ApiRequest {
  const url = new URL(incoming.url ?? '/', 'https://localhost');
  const headers = Object.fromEntries(
    Object.entries(incoming.headers).map(([key, value]) => [
      key,
      Array.isArray(value) ? value.join(', ') : value,
    ]),
  );
  return { method: incoming.method ?? 'GET', path: url.pathname, query: url.searchParams, headers, body };
}

function write(response: ServerResponse, { status, headers, body }: ApiAnswer): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(body === undefined || typeof body === 'string' ? body : `${JSON.stringify(body)}\n`);
}

function stream(
  start: NonNullable<ApiAnswer['watch']>,
  response: ServerResponse,
  endsAfterMs: number | undefined,
): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.flushHeaders();
  const stop = start(
    (event) => void response.write(`${JSON.stringify(event)}\n`),
    () => void response.end(),
  );
  const end = endsAfterMs === undefined ? undefined : setTimeout(() => response.destroy(), endsAfterMs);
  response.once('close', () => {
    clearTimeout(end);
    stop();
  });
}
