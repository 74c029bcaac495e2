import { getCACertificates, setDefaultCACertificates } from 'node:tls';

let trusted: readonly string[] | undefined;

/**
 * PEM of all that vouch for a server which names no authority of its own: Mozilla's list that Node.js carries,
 * NODE_EXTRA_CA_CERTS, and what this system trusts, as kubectl and Temporal's CLI do: SSL_CERT_FILE and SSL_CERT_DIR name it
 * (https://pkg.go.dev/crypto/x509#SystemCertPool, https://nodejs.org/api/tls.html#tlsgetcacertificatestype). Read once.
 */
export function trustedAuthorities(): readonly string[] {
  trusted ??= [...new Set([...getCACertificates('default'), ...getCACertificates('system')])];
  return trusted;
}

let isDone = false;

/** From now on every connection of this process that names no authority trusts them. */
export function trustThem(): void {
  if (isDone) return;
  isDone = true;
  setDefaultCACertificates(trustedAuthorities());
}
