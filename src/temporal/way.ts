import type { ConnectionOptions } from '@temporalio/client';
import type { ClientConnectConfig } from '@temporalio/envconfig';
import type { NativeConnectionOptions } from '@temporalio/worker';
import { ProxyError, proxyFor } from '../proxy-for.ts';
import { trustedAuthorities } from '../trusted-authorities.ts';
import { RETRIED } from './retried-calls.ts';
import { TemporalError } from './temporal-error.ts';

type Configured = ClientConnectConfig['connectionOptions'];

const DEFAULT_PORT = 7233;

/**
 * How the client's library connects. By itself it would follow grpc_proxy, https_proxy and http_proxy, to loopback as well, but
 * none in capitals: it is told the way instead. Throws TemporalError.
 */
export function clientWay(configured: Configured): ConnectionOptions {
  const options = withAuthorities(configured);
  const direct = { ...options, interceptors: RETRIED, channelArgs: { 'grpc.enable_http_proxy': 0 } };
  const proxy = proxyTo(configured);
  if (!proxy) return direct;
  const { url, login } = proxy;
  const target = targetOf(configured);
  return {
    ...direct,
    address: hostOf(url),
    channelArgs: {
      ...direct.channelArgs,
      'grpc.default_authority': target,
      // What it makes of grpc_proxy: https://github.com/grpc/grpc-node/blob/master/packages/grpc-js/src/http_proxy.ts
      'grpc.http_connect_target': `dns:${target}`,
      ...(login ? { 'grpc.http_connect_creds': `${login.username}:${login.password}` } : {}),
    },
  };
}

/** How the worker's library connects, which follows no variable. Throws TemporalError. */
export function workerWay(configured: Configured): NativeConnectionOptions {
  const options = withAuthorities(configured);
  const proxy = proxyTo(configured);
  if (!proxy) return options;
  const { url, login } = proxy;
  return {
    ...options,
    proxy: { type: 'http-connect', targetHost: hostOf(url), ...(login ? { basicAuth: login } : {}) },
  };
}

/** `host:port`; of what is no address, the library says so. */
export function targetOf({ address = '' }: Configured): string {
  return /:\d+$/.test(address) && !/^[^[]*:[^:]*:/.test(address) ? address : `${address}:${DEFAULT_PORT}`;
}

interface Proxy {
  readonly url: URL;
  readonly login: { readonly username: string; readonly password: string } | undefined;
}

/** HTTPS_PROXY and NO_PROXY, as Temporal's CLI follows them, whether there is TLS or not. */
export function proxyTo(configured: Configured): Proxy | undefined {
  const url = lookUp(configured);
  if (!url) return undefined;
  if (url.protocol !== 'http:') {
    throw new TemporalError(
      `Temporal is reached through a proxy of http:// only, and HTTPS_PROXY names one of ${url.protocol}//`,
      'Name another one, or leave Temporal out with NO_PROXY.',
    );
  }
  const login = { username: decodeURIComponent(url.username), password: decodeURIComponent(url.password) };
  return { url, login: url.username ? login : undefined };
}

function lookUp(configured: Configured): URL | undefined {
  const server = URL.parse(`https://${targetOf(configured)}`);
  try {
    return server ? proxyFor(server) : undefined;
  } catch (error) {
    if (error instanceof ProxyError) throw new TemporalError(error.message, error.hint);
    throw error;
  }
}

/** With its port, which a URL of http does not show where it is 80. */
const hostOf = ({ hostname, port }: URL): string => `${hostname}:${port || '80'}`;

/** Both libraries have lists of their own, and not the same: here they are told whom to trust where nothing names it. */
function withAuthorities(configured: Configured): Configured {
  const { tls } = configured;
  if (!tls) return configured;
  const named = tls === true ? {} : tls;
  if (named.serverRootCACertificate) return configured;
  return {
    ...configured,
    tls: { ...named, serverRootCACertificate: Buffer.from(trustedAuthorities().join('\n')) },
  };
}
