import { request } from 'node:http';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import type { ClientConnectConfig } from '@temporalio/envconfig';
import { proxyTo, targetOf } from './way.ts';

/** A bare connection to the server, through the proxy that leads there. Rejects where there is none within the time. */
export function openTo(
  configured: ClientConnectConfig['connectionOptions'],
  withinMs: number,
): Promise<Duplex> {
  const target = targetOf(configured);
  const signal = AbortSignal.timeout(withinMs);
  const proxy = proxyTo(configured);
  return new Promise((resolve, reject) => {
    if (!proxy) {
      const { hostname, port } = new URL(`https://${target}`);
      const socket = connect({ host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 443) });
      signal.addEventListener('abort', () => {
        if (socket.connecting) socket.destroy(new Error('no answer'));
      });
      socket.once('connect', () => {
        resolve(socket);
      });
      socket.on('error', reject);
      return;
    }
    const { url, login } = proxy;
    const asked = request({
      host: url.hostname.replace(/^\[|\]$/g, ''),
      port: url.port || 80,
      method: 'CONNECT',
      path: target,
      headers: {
        host: target,
        ...(login
          ? {
              'proxy-authorization': `Basic ${Buffer.from(`${login.username}:${login.password}`).toString('base64')}`,
            }
          : {}),
      },
      signal,
    });
    asked.once('connect', ({ statusCode }, socket) => {
      if (statusCode === 200) resolve(socket);
      else reject(new Error(`it answers ${statusCode ?? 'nothing'}`));
      socket.on('error', reject);
    });
    asked.once('error', reject);
    asked.end();
  });
}
