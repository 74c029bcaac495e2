import { X509Certificate } from 'node:crypto';
import { hostname, userInfo } from 'node:os';
import { plainText } from '../domain/text/plain-text.ts';
import { readConfiguration } from '../temporal/connection.ts';

/** The login on this machine: who asks where nobody says otherwise. */
export function login(): string {
  return plainText(`${userName()}@${hostname()}`);
}

/** In a container the user may have no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}

/**
 * From where something is said: the login, and what Temporal itself knows the command by, the subject of its certificate.
 * Also a claim where the command is another program; Temporal's own log is the proof. Undefined where `by` says it all.
 */
export function viaOf(by: string, certificate = clientCertificate()): string | undefined {
  const subject = certificate === undefined ? undefined : subjectOf(certificate);
  if (subject !== undefined) return `${login()}, certificate ${subject}`;
  return by === login() ? undefined : login();
}

/** As Temporal's own configuration names it; none of the embedded server. */
function clientCertificate(): Buffer | undefined {
  const tls = readConfiguration()?.connectionOptions.tls;
  const crt = typeof tls === 'object' ? tls?.clientCertPair?.crt : undefined;
  return crt === undefined ? undefined : Buffer.from(crt);
}

function subjectOf(certificate: Buffer): string | undefined {
  try {
    return plainText(new X509Certificate(certificate).subject.replaceAll('\n', ', '));
  } catch {
    return undefined;
  }
}
