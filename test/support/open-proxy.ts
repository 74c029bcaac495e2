import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { connect, createServer as createTcpServer } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Certificate } from '../../simulator/tls.ts';

/** A proxy on loopback that leads wherever it is asked to go to one port of this machine. */
export interface OpenProxy {
  /** host:port */
  readonly address: string;
  /** What it was asked for: `api.example.com:6443`. */
  readonly asked: string[];
  close(): Promise<void>;
}

export interface ProxyOptions {
  readonly to: number;
  /** `name:password`; without, everybody may. */
  readonly login?: string;
  /** It is reached by TLS itself. */
  readonly certificate?: Certificate;
}

interface Listening {
  listen(port: number, host: string, done: () => void): unknown;
  address(): unknown;
  close(done: () => void): unknown;
}

async function opened(server: Listening, sockets: Set<Duplex>, asked: string[]): Promise<OpenProxy> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    address: `127.0.0.1:${port}`,
    asked,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(resolve));
    },
  };
}

/** Of HTTP: CONNECT. */
export async function openProxy({ to, login, certificate }: ProxyOptions): Promise<OpenProxy> {
  const [sockets, asked] = [new Set<Duplex>(), [] as string[]];
  const server = certificate ? createSecureServer(certificate) : createServer();
  server.on('connect', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    sockets.add(socket);
    asked.push(request.url ?? '');
    socket.on('error', () => undefined);
    const [, shown = ''] = (request.headers['proxy-authorization'] ?? '').split('Basic ');
    if (login !== undefined && Buffer.from(shown, 'base64').toString() !== login) {
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
      return;
    }
    const target = connect(to, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      target.write(head);
      target.pipe(socket).pipe(target);
    });
    sockets.add(target);
    target.on('error', () => socket.destroy());
  });
  return opened(server, sockets, asked);
}

/** Of SOCKS5 (RFC 1928 and 1929): names of hosts, and a login where there is one. */
export async function openSocksProxy({ to, login }: ProxyOptions): Promise<OpenProxy> {
  const [sockets, asked] = [new Set<Duplex>(), [] as string[]];
  const server = createTcpServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    void serve(socket).catch(() => socket.destroy());
  });
  async function serve(socket: Socket): Promise<void> {
    const [, methods = 0] = await read(socket, 2);
    await read(socket, methods);
    socket.write(Buffer.from([5, login === undefined ? 0 : 2]));
    if (login !== undefined) {
      const [, nameLength = 0] = await read(socket, 2);
      const name = await read(socket, nameLength);
      const [passwordLength = 0] = await read(socket, 1);
      const password = await read(socket, passwordLength);
      if (`${name}:${password}` !== login) throw new Error('refused');
      socket.write(Buffer.from([1, 0]));
    }
    const [, , , kind] = await read(socket, 4);
    const host = kind === 3 ? String(await read(socket, (await read(socket, 1))[0] ?? 0)) : 'an address';
    if (kind !== 3) await read(socket, kind === 1 ? 4 : 16);
    const port = (await read(socket, 2)).readUInt16BE();
    asked.push(`${host}:${port}`);
    const target = connect(to, '127.0.0.1', () => {
      socket.write(Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]));
      target.pipe(socket).pipe(target);
    });
    sockets.add(target);
    target.on('error', () => socket.destroy());
  }
  return opened(server, sockets, asked);
}

async function read(socket: Socket, bytes: number): Promise<Buffer> {
  if (bytes === 0) return Buffer.alloc(0);
  for (;;) {
    const chunk = socket.read(bytes) as Buffer | null;
    if (chunk) return chunk;
    await new Promise((resolve) => socket.once('readable', resolve));
  }
}
