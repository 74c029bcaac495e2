import type { Server as HttpServer } from 'node:http';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Server } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import packageJson from '../../package.json' with { type: 'json' };
import type { Listening } from '../http-listening.ts';
import { listenOn } from '../http-listening.ts';
import type { TemporalTarget } from '../temporal/connection.ts';
import type { Access } from './access/access.ts';
import { Logins } from './access/logins.ts';
import { deskApp } from './http/app.ts';
import type { Traffic } from './http/desk-info.ts';
import { Page } from './http/page.ts';
import { Watches } from './http/watches.ts';
import { pageFolder } from './page-files.ts';
import { Source } from './source/source.ts';

const TIMEOUT_MS = 30_000;
const MOST_CONNECTIONS = 1_024;

export interface DeskSettings {
  readonly target: TemporalTarget;
  readonly host: string;
  /** 0: a free one. */
  readonly port: number;
  readonly access: Access;
  /** PEM. */
  readonly tls?: { readonly cert: string; readonly key: string } | undefined;
  /** Asked by the names of this machine only. */
  readonly loopback: boolean;
  readonly allowActions: boolean;
  readonly kubeconfig?: string | undefined;
  /** Where Temporal's own page is. */
  readonly temporalUi?: string | undefined;
  /** A line for the log: every act, and what nobody expected. */
  readonly say: (line: string) => void;
}

/**
 * Serves the desk's page and its API until it is closed. Rejects with TemporalError where Temporal is not reached, and with the
 * error of `listen`, such as EADDRINUSE.
 */
export async function startDesk(settings: DeskSettings): Promise<Listening> {
  const { target, host, port, access, tls, loopback, allowActions, kubeconfig, temporalUi, say } = settings;
  const page = new Page(await pageFolder());
  const source = await Source.open({ target, temporalUi, kubeconfig });
  const traffic = new Sent();
  const app = deskApp({
    ...{ source, page, allowActions, traffic, say },
    watches: new Watches(source, say),
    guarded: { access, logins: new Logins(), loopback, tls: tls !== undefined || access.kind === 'proxy' },
    release: packageJson.version,
  });
  const limits = { requestTimeout: TIMEOUT_MS, headersTimeout: TIMEOUT_MS };
  const server = createAdaptorServer(
    tls
      ? {
          fetch: app.fetch,
          createServer: createTlsServer,
          serverOptions: { ...limits, ...tls, minVersion: 'TLSv1.2' },
        }
      : { fetch: app.fetch, createServer, serverOptions: limits },
  ) as HttpServer;
  server.maxConnections = MOST_CONNECTIONS;
  traffic.count(server);
  try {
    const listening = await listenOn(server, host, port);
    return {
      port: listening.port,
      close: async () => {
        await listening.close();
        await source.close();
      },
    };
  } catch (error) {
    await source.close();
    throw error;
  }
}

/** What has left this server, connections that are open included. */
class Sent implements Traffic {
  readonly sinceMs = Date.now();
  streams = 0;
  #closed = 0;
  readonly #open = new Set<{ readonly bytesWritten: number }>();

  count(server: Server): void {
    server.on('connection', (socket) => {
      this.#open.add(socket);
      socket.once('close', () => {
        this.#open.delete(socket);
        this.#closed += socket.bytesWritten;
      });
    });
  }

  bytesSent(): number {
    return [...this.#open].reduce((sum, { bytesWritten }) => sum + bytesWritten, this.#closed);
  }
}
