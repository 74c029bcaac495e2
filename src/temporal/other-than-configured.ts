import { connect as connectHttp2 } from 'node:http2';
import type { Duplex } from 'node:stream';
import { isIP } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { TLSSocket } from 'node:tls';
import type { ClientConnectConfig } from '@temporalio/envconfig';
import { openTo } from './open-to.ts';
import { clientWay, proxyTo, targetOf } from './way.ts';

type Configured = ClientConnectConfig['connectionOptions'];

/** How the server differs from what is configured, and what to do. */
export interface Difference {
  readonly why: string;
  readonly hint: string;
}

const ANSWERS_WITHIN_MS = 3_000;
/** A server of TLS 1.3 asks for a certificate after the handshake. */
const REFUSES_WITHIN_MS = 500;

/**
 * Looks why no connection comes about: the library only says that none did in time. Undefined where the server speaks as it
 * is spoken to, or does not speak at all.
 */
export async function otherThanConfigured(configured: Configured): Promise<Difference | undefined> {
  const tls = await lookForTls(configured);
  if (!configured.tls) return tls && NO_TLS_CONFIGURED;
  if (tls) return tls === 'trusted' ? undefined : tls;
  return (await speaksPlainly(configured)) ? noTlsThere(configured) : undefined;
}

/** What a proxy that leads to the server says to us; undefined where it lets us through, or there is none. */
export async function refusedByProxy(configured: Configured): Promise<Difference | undefined> {
  const proxy = proxyTo(configured)?.url.host;
  if (proxy === undefined) return undefined;
  try {
    (await openTo(configured, ANSWERS_WITHIN_MS)).destroy();
    return undefined;
  } catch (error) {
    return {
      why: `cannot be reached through the proxy ${proxy}: ${error instanceof Error ? error.message : String(error)}`,
      hint: 'See HTTPS_PROXY; NO_PROXY names what is reached without it.',
    };
  }
}

const NO_TLS_CONFIGURED: Difference = {
  why: 'speaks TLS, and none is configured',
  hint: 'Set TEMPORAL_TLS=true, or TEMPORAL_API_KEY where it asks for one; or a profile with tls.',
};

function noTlsThere({ apiKey }: Configured): Difference {
  if (apiKey === undefined) {
    return {
      why: 'speaks no TLS, and TLS is configured',
      hint: 'Unset TEMPORAL_TLS and the other TEMPORAL_TLS_…, or name a server with TLS; see the profile too.',
    };
  }
  return {
    why: 'speaks no TLS, and an API key is configured, which is sent by TLS only',
    hint: 'Unset TEMPORAL_API_KEY (or api_key of the profile), or name a server with TLS.',
  };
}

/** What keeps TLS from working, `trusted` where nothing does; undefined where there is none. */
async function lookForTls(configured: Configured): Promise<Difference | 'trusted' | undefined> {
  const { tls } = clientWay({ ...configured, tls: configured.tls || true });
  const { serverNameOverride, serverRootCACertificate, clientCertPair } =
    typeof tls === 'object' && tls ? tls : {};
  const host =
    serverNameOverride ??
    targetOf(configured)
      .replace(/:\d+$/, '')
      .replace(/^\[|\]$/g, '');
  return within(configured, (socket, settle) => {
    const secure = connectTls({
      socket,
      host,
      ...(isIP(host) ? {} : { servername: host }),
      ALPNProtocols: ['h2'],
      // It is only looked at: nothing is sent to it.
      rejectUnauthorized: false,
      ...(serverRootCACertificate ? { ca: Buffer.from(serverRootCACertificate) } : {}),
      ...(clientCertPair
        ? { cert: Buffer.from(clientCertPair.crt), key: Buffer.from(clientCertPair.key) }
        : {}),
    });
    secure.once('secureConnect', () => {
      const refused = whyNotTrusted(secure);
      if (refused) settle(refused);
      else setTimeout(settle, REFUSES_WITHIN_MS, 'trusted');
    });
    secure.on('error', ({ code = '' }: NodeJS.ErrnoException) => {
      settle(code.includes('ALERT') ? asksForCertificate(clientCertPair !== undefined) : undefined);
    });
    secure.once('close', () => {
      settle(undefined);
    });
    secure.resume();
  });
}

function whyNotTrusted({ authorizationError }: TLSSocket): Difference | undefined {
  // Typed as an Error, it is a code.
  const code = String((authorizationError as NodeJS.ErrnoException | null)?.code ?? authorizationError ?? '');
  if (code === '') return undefined;
  return {
    why: `shows a certificate that is not trusted: ${code}`,
    hint: 'TEMPORAL_TLS_SERVER_CA_CERT_PATH (or SSL_CERT_FILE) names who vouches for it, TEMPORAL_TLS_SERVER_NAME what it is called.',
  };
}

const asksForCertificate = (shown: boolean): Difference => ({
  why: shown
    ? 'does not take the client’s certificate'
    : 'asks for a certificate of the client, and none is configured',
  hint: 'Set TEMPORAL_TLS_CLIENT_CERT_PATH and TEMPORAL_TLS_CLIENT_KEY_PATH.',
});

/** True where it answers as a server of HTTP/2 does, without TLS. */
async function speaksPlainly(configured: Configured): Promise<boolean> {
  const answered = await within<true>(configured, (socket, settle) => {
    const session = connectHttp2(`http://${targetOf(configured)}`, { createConnection: () => socket });
    session.once('remoteSettings', () => {
      settle(true);
    });
    session.on('error', () => {
      settle(undefined);
    });
    session.once('close', () => {
      settle(undefined);
    });
  });
  return answered ?? false;
}

/** On a connection of its own, which is gone when it is settled; undefined where none comes about, or nothing in time. */
async function within<T>(
  configured: Configured,
  look: (socket: Duplex, settle: (found: T | undefined) => void) => void,
): Promise<T | undefined> {
  const socket = await openTo(configured, ANSWERS_WITHIN_MS).catch(() => undefined);
  if (!socket) return undefined;
  try {
    return await new Promise((resolve) => {
      setTimeout(resolve, ANSWERS_WITHIN_MS, undefined).unref();
      look(socket, resolve);
    });
  } finally {
    socket.destroy();
  }
}
