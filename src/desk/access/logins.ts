import { createHash, randomBytes } from 'node:crypto';
import type { Token } from './tokens.ts';

const LASTS_MS = 12 * 3_600_000;
const MOST = 1_000;
/** Wrong tokens from one address, in a minute, before it has to wait. */
const MOST_WRONG = 10;
const MINUTE_MS = 60_000;

const keyOf = (secret: string): string => createHash('sha256').update(secret).digest('hex');

/** Who is logged in, by a cookie's secret; forgotten at the end of the process, and after twelve hours. */
export class Logins {
  readonly #of = new Map<string, { readonly token: Token; readonly untilMs: number }>();
  readonly #wrong = new Map<string, number[]>();

  /** The cookie's secret. */
  add(token: Token): string {
    const secret = randomBytes(32).toString('base64url');
    this.#of.set(keyOf(secret), { token, untilMs: Date.now() + LASTS_MS });
    const [oldest] = this.#of.keys();
    if (this.#of.size > MOST && oldest !== undefined) this.#of.delete(oldest);
    return secret;
  }

  find(secret: string): Token | undefined {
    const login = this.#of.get(keyOf(secret));
    return login && login.untilMs > Date.now() ? login.token : undefined;
  }

  remove(secret: string): void {
    this.#of.delete(keyOf(secret));
  }

  noteWrong(address: string): void {
    const recent = this.#recentWrong(address);
    this.#wrong.set(address, [...recent, Date.now()].slice(-MOST_WRONG));
    const [oldest] = this.#wrong.keys();
    if (this.#wrong.size > MOST && oldest !== undefined) this.#wrong.delete(oldest);
  }

  /** Nobody guesses on. */
  mustWait(address: string): boolean {
    return this.#recentWrong(address).length >= MOST_WRONG;
  }

  #recentWrong(address: string): number[] {
    return (this.#wrong.get(address) ?? []).filter((ms) => ms > Date.now() - MINUTE_MS);
  }
}
