import { createServer } from 'node:http';
import type { Registry } from 'prom-client';
import type { Listening } from '../http-listening.ts';
import { listenOn } from '../http-listening.ts';

const TIMEOUT_MS = 30_000;
const MOST_CONNECTIONS = 32;
const TEXT = 'text/plain; version=0.0.4; charset=utf-8';
const SDK_ANSWERS_WITHIN_MS = 5_000;

/** Where metrics are to be had; `alsoOf`: the address of another exporter of this process, whose metrics are told with ours. */
export interface MetricsPlace {
  readonly host: string;
  readonly port: number;
  readonly alsoOf?: string;
}

/**
 * `GET /metrics`, in Prometheus' text format. Port 0: a free one. Rejects with the error of `listen`, such as EADDRINUSE. What
 * cannot be measured is left out: being asked never disturbs the work.
 */
export function startMetricsServer(
  registry: Registry,
  { host, port, alsoOf }: MetricsPlace,
): Promise<Listening> {
  const server = createServer(
    { requestTimeout: TIMEOUT_MS, headersTimeout: TIMEOUT_MS, keepAliveTimeout: TIMEOUT_MS },
    ({ method, url = '/' }, response) => {
      const say = (status: number, type: string, body: string): void => {
        response
          .writeHead(status, { 'Content-Type': type, 'Cache-Control': 'no-store' })
          .end(method === 'HEAD' ? undefined : body);
      };
      if (url.split('?')[0] !== '/metrics') say(404, 'text/plain', 'there is /metrics\n');
      else if (method !== 'GET' && method !== 'HEAD') say(405, 'text/plain', '/metrics is asked by GET\n');
      else
        metricsText(registry, alsoOf).then(
          (text) => {
            say(200, TEXT, text);
          },
          (error: unknown) => {
            say(500, 'text/plain', `${error instanceof Error ? error.name : 'an error'}\n`);
          },
        );
    },
  );
  server.maxConnections = MOST_CONNECTIONS;
  return listenOn(server, host, port);
}

async function metricsText(registry: Registry, alsoOf: string | undefined): Promise<string> {
  const [own, other] = await Promise.all([registry.metrics(), alsoOf === undefined ? '' : textAt(alsoOf)]);
  return `${own}${other}`;
}

async function textAt(address: string): Promise<string> {
  try {
    const signal = AbortSignal.timeout(SDK_ANSWERS_WITHIN_MS);
    const response = await fetch(`http://${address}/metrics`, { signal });
    return response.ok ? await response.text() : '';
  } catch {
    return '';
  }
}
