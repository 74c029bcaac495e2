import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What is served beside the clusters' own APIs. */
export interface OnLoopback {
  readonly port: number;
  /** At once: what is being answered is cut off. */
  close(): Promise<void>;
}

/** Port 0: a free one. Rejects with the error of `listen`. */
export async function listenOnLoopback(listener: Server, port: number): Promise<OnLoopback> {
  await new Promise<void>((resolve, reject) => {
    listener.once('error', reject);
    listener.listen(port, '127.0.0.1', resolve);
  });
  return {
    port: (listener.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        listener.close(() => {
          resolve();
        });
        listener.closeAllConnections();
      }),
  };
}
