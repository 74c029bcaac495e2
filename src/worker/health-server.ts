import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { Listening } from '../http-listening.ts';
import { listenOn } from '../http-listening.ts';
import { reasonOf } from '../temporal/explain.ts';
import type { WorkerHealth } from './health.ts';

const TIMEOUT_MS = 10_000;
const MOST_CONNECTIONS = 32;

/**
 * `GET /livez` and `GET /readyz`, as Kubernetes asks: 200 or 503, with JSON that says why. Port 0: a free one. Rejects with the
 * error of `listen`, such as EADDRINUSE.
 */
export function startHealthServer(health: WorkerHealth, host: string, port: number): Promise<Listening> {
  const server = createServer(
    { requestTimeout: TIMEOUT_MS, headersTimeout: TIMEOUT_MS, keepAliveTimeout: TIMEOUT_MS },
    (request, response) => {
      void answer(health, request, response);
    },
  );
  server.maxConnections = MOST_CONNECTIONS;
  return listenOn(server, host, port);
}

async function answer(
  health: WorkerHealth,
  { method, url = '/' }: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const [path] = url.split('?');
  if (path !== '/livez' && path !== '/readyz') say(response, 404, { error: 'there are /livez and /readyz' });
  else if (method !== 'GET' && method !== 'HEAD') say(response, 405, { error: `${path} is asked by GET` });
  else if (path === '/livez') {
    const alive = health.alive();
    say(response, alive.alive ? 200 : 503, alive);
  } else {
    const ready = await health.ready().catch((error: unknown) => ({ ready: false, error: reasonOf(error) }));
    say(response, ready.ready ? 200 : 503, ready);
  }
}

function say(response: ServerResponse, status: number, body: object): void {
  response
    .writeHead(status, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' })
    .end(`${JSON.stringify(body)}\n`);
}
