import type { Server } from 'node:http';

/** A server that listens. */
export interface Listening {
  readonly port: number;
  /** At once: what is being answered is cut off. */
  close(): Promise<void>;
}

/** Port 0: a free one. Rejects with the error of `listen`, such as EADDRINUSE. */
export function listenOn(server: Server, host: string, port: number): Promise<Listening> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      const address = server.address();
      resolve({
        port: typeof address === 'object' && address ? address.port : port,
        close: () =>
          new Promise((closed) => {
            server.close(() => {
              closed();
            });
            server.closeAllConnections();
          }),
      });
    });
  });
}

/** As it stands in an address. */
export const urlOf = (host: string, port: number): string =>
  `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
