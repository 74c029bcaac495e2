import { ProxyAgent, request } from 'undici';
import { proxyFor } from '../proxy-for.ts';
import { trustThem } from '../trusted-authorities.ts';
import { codeOf, DeliveryError } from './delivery-error.ts';

/** For the whole exchange. */
const ANSWERS_WITHIN_MS = 10_000;
/** Nobody is asked to wait for longer than the day for which a message is tried. */
const LONGEST_WAIT_MS = 86_400_000;

export interface Post {
  /** May be a secret: no error has it. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Posts it once, and follows nowhere. What is answered besides the status is not looked at. Throws DeliveryError. */
export async function post({ url, headers, body }: Post): Promise<void> {
  trustThem();
  const proxy = url.startsWith('https:') ? proxyFor(new URL(url)) : undefined;
  const dispatcher = proxy ? new ProxyAgent(proxy.href) : undefined;
  try {
    const { statusCode, headers: answer } = await exchange(url, { headers, body, dispatcher });
    if (statusCode >= 200 && statusCode < 300) return;
    throw refused(statusCode, answer['retry-after']);
  } finally {
    // Not awaited: a proxy that hangs holds nobody up.
    void dispatcher?.destroy().catch(() => undefined);
  }
}

async function exchange(
  url: string,
  {
    headers,
    body,
    dispatcher,
  }: Pick<Post, 'headers' | 'body'> & { readonly dispatcher: ProxyAgent | undefined },
): Promise<{
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}> {
  try {
    const answer = await request(url, {
      method: 'POST',
      headers: { ...headers, 'user-agent': 'threescale-upgrade' },
      body,
      signal: AbortSignal.timeout(ANSWERS_WITHIN_MS),
      ...(dispatcher ? { dispatcher } : {}),
    });
    answer.body.on('error', () => undefined).destroy();
    return answer;
  } catch (error) {
    throw new DeliveryError(`it cannot be reached (${codeOf(error)})`);
  }
}

function refused(status: number, retryAfter: string | string[] | undefined): DeliveryError {
  if (status === 410) return new DeliveryError('it says that it is gone for good (410)', { gone: true });
  if (status >= 300 && status < 400)
    return new DeliveryError(`it leads elsewhere, which is not followed (${status})`);
  return new DeliveryError(`it has answered ${status}`, { afterMs: waitOf(retryAfter) });
}

/** Seconds, or a date. */
function waitOf(retryAfter: string | string[] | undefined): number | undefined {
  if (typeof retryAfter !== 'string') return undefined;
  const ms = /^\d{1,9}$/.test(retryAfter.trim())
    ? Number(retryAfter) * 1_000
    : Date.parse(retryAfter) - Date.now();
  return Number.isFinite(ms) && ms > 0 ? Math.min(ms, LONGEST_WAIT_MS) : undefined;
}
