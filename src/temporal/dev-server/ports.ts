import { connect, createServer } from 'node:net';

/** Somebody listens on this port of loopback. */
export function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => {
      resolve(false);
    });
  });
}

/** A port of loopback that nobody has. */
export async function freePort(): Promise<number> {
  const port = await take(0);
  if (port === undefined) throw new Error('loopback has no free port');
  return port;
}

/** Tried for a second: whoever looks for a server that has gone may hold its port for a moment itself. */
export async function isFree(port: number): Promise<boolean> {
  for (let tries = 0; tries < 10; tries += 1) {
    if ((await take(port)) !== undefined) return true;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return false;
}

/** Listens for a moment; undefined where that is not possible. */
function take(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => {
      resolve(undefined);
    });
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        resolve(typeof address === 'object' && address ? address.port : undefined);
      });
    });
  });
}
