import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';

/** Who may ask a codec server. */
export interface CodecAccess {
  /** Web pages that may ask: the origins of Temporal's UI. */
  readonly origins: readonly string[];
  /** The Temporal namespace that it serves; who names another is refused. */
  readonly namespace: string;
  /** Where there is one, each request has to bring it: `Authorization: Bearer …`. */
  readonly token?: string;
}

/** Refused, with its status and what is said of it. */
export class Refusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** A browser asks by itself whether a page may; every other page is refused, whatever it has asked before. */
export function allowOrigin(
  { origins }: CodecAccess,
  headers: IncomingHttpHeaders,
  response: ServerResponse,
): void {
  response.setHeader('Vary', 'Origin');
  if (headers.origin === undefined) return;
  if (!origins.includes(headers.origin)) {
    const origin = headers.origin.replaceAll(/[^ -~]/g, '?');
    throw new Refusal(403, `pages of ${origin} may not ask: name it with --origin if they are to`);
  }
  response.setHeader('Access-Control-Allow-Origin', headers.origin);
  response.setHeader('Access-Control-Allow-Methods', 'POST, OPTIONS');
  response.setHeader('Access-Control-Allow-Headers', 'authorization, content-type, x-namespace');
  response.setHeader('Access-Control-Max-Age', '600');
  // Where the UI is not on this machine, browsers ask for this too.
  if (headers['access-control-request-private-network'] === 'true')
    response.setHeader('Access-Control-Allow-Private-Network', 'true');
}

/** Throws Refusal where the token is wrong, or the keys are those of another Temporal namespace. */
export function mayAsk({ token, namespace }: CodecAccess, headers: IncomingHttpHeaders): void {
  if (token !== undefined && !isSame(headers.authorization ?? '', `Bearer ${token}`))
    throw new Refusal(401, 'the token is missing or wrong: Authorization: Bearer …');
  // Temporal's CLI sends an empty one where it was not told which.
  const asked = headers['x-namespace'] || namespace;
  if (asked !== namespace)
    throw new Refusal(403, `this codec server is of the Temporal namespace ${namespace}: TEMPORAL_NAMESPACE`);
}

/** Takes as long for a wrong one, however wrong it is. */
function isSame(one: string, other: string): boolean {
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(one), hash(other));
}
