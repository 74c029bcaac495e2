import type { Context, MiddlewareHandler } from 'hono';
import { getConnInfo } from '@hono/node-server/conninfo';
import { getCookie } from 'hono/cookie';
import type { Access, Who } from '../access/access.ts';
import type { Logins } from '../access/logins.ts';
import type { Asked } from '../access/who.ts';
import { bearerOf, COOKIE, isFrom, whoAsks } from '../access/who.ts';
import type { ApiError } from '../contract.ts';
import { ACT_HEADER, API } from '../contract.ts';
import { says, statusOf } from './api-error.ts';

export interface Env {
  readonly Variables: { who: Who };
}

/** What the guard has to know. */
export interface Guarded {
  readonly access: Access;
  readonly logins: Logins;
  /** Only by the names of this machine: else a name of a foreign site could lead here. */
  readonly loopback: boolean;
  readonly tls: boolean;
}

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const LOCAL = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i;

export const refuse = (c: Context, error: ApiError): Response => c.json(error, statusOf(error));

/** Where the connection comes from. */
export const addressOf = (c: Context): string => getConnInfo(c).remote.address ?? 'unknown';

/** What a browser is to hold a page to: nothing from elsewhere, nothing inline, in no frame. */
export const withHeaders =
  ({ tls }: Guarded): MiddlewareHandler =>
  async (c, next) => {
    await next();
    c.header('Content-Security-Policy', POLICY);
    c.header('X-Content-Type-Options', 'nosniff');
    c.header('Referrer-Policy', 'no-referrer');
    c.header('X-Frame-Options', 'DENY');
    c.header('Cross-Origin-Opener-Policy', 'same-origin');
    c.header('Cross-Origin-Resource-Policy', 'same-origin');
    c.header('Permissions-Policy', 'camera=(), microphone=(), geolocation=(), clipboard-read=()');
    if (tls) c.header('Strict-Transport-Security', 'max-age=31536000');
    if (c.req.path.startsWith(`${API}/`)) c.header('Cache-Control', 'no-store');
  };

/** Refuses what a page of another site has sent, whoever sits before it. */
export const onlyOwnPages =
  (guarded: Guarded): MiddlewareHandler =>
  async (c, next) => {
    const host = hostOf(c, guarded);
    if (guarded.loopback && !LOCAL.test(host))
      return refuse(
        c,
        says('refused', `this desk is asked as localhost or 127.0.0.1, and not as ${shown(host)}`),
      );
    const site = c.req.header('sec-fetch-site');
    // A link to the page may stand anywhere; its API is for the page.
    if (c.req.path.startsWith(API) && site !== undefined && !['same-origin', 'none'].includes(site))
      return refuse(c, says('refused', 'this desk answers only its own page'));
    if (c.req.method === 'GET' || c.req.method === 'HEAD') return next();
    const origin = c.req.header('origin');
    if (origin !== undefined && URL.parse(origin)?.host !== host)
      return refuse(c, says('refused', 'this desk is told something only by its own page'));
    if (c.req.header(ACT_HEADER) !== '1')
      return refuse(
        c,
        says('refused', `the header ${ACT_HEADER}: 1 is missing, which only the desk's own page sends`),
      );
    return next();
  };

/** As the browser names it: a proxy that is trusted says so. */
function hostOf(c: Context, { access }: Guarded): string {
  const forwarded = c.req.header('x-forwarded-host');
  const host = c.req.header('host') ?? '';
  if (access.kind !== 'proxy' || forwarded === undefined) return host;
  return isFrom(access.proxy.addresses, addressOf(c)) ? forwarded : host;
}

const shown = (host: string): string => host.replace(/[^\w.:[\]-]/g, '?').slice(0, 100);

const askedBy = (c: Context): Asked => ({
  address: addressOf(c),
  header: (name) => c.req.header(name),
  cookie: getCookie(c, COOKIE),
});

/** Why whoever has sent this is let in no more; undefined as long as they are. What goes on for long asks again and again. */
export function noMoreKnown(c: Context, { access, logins }: Guarded): ApiError | undefined {
  return whoAsks(access, logins, askedBy(c)) ? undefined : notKnown(access.kind);
}

/** Lets through who is known, and refuses everybody else. */
export const onlyKnown =
  ({ access, logins }: Guarded): MiddlewareHandler<Env> =>
  async (c, next) => {
    const asked = askedBy(c);
    const isTried = access.kind === 'tokens' && bearerOf(asked) !== undefined;
    if (isTried && logins.mustWait(asked.address)) return c.json(MUST_WAIT, 429);
    const who = whoAsks(access, logins, asked);
    if (!who) {
      if (isTried) logins.noteWrong(asked.address);
      return c.json(notKnown(access.kind), access.kind === 'proxy' ? 403 : 401);
    }
    c.set('who', who);
    return next();
  };

/** A token is guessed neither at the login nor in a header. */
export const MUST_WAIT = says('login', 'too many wrong tokens came from there: wait a minute');

/** A login is offered only where there is one. */
const notKnown = (kind: Access['kind']): ApiError =>
  kind === 'proxy'
    ? says('refused', 'this desk is reached through its proxy only, which says who asks')
    : says('login', 'log in with your token');
