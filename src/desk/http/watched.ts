import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiError, Delta, Standing, ViewAnswer } from '../contract.ts';
import { explain } from '../../cli/errors.ts';
import { deltaOf } from '../delta.ts';
import { apiError } from './api-error.ts';

/** What was asked for can never be had. */
export class Refused extends Error {
  readonly answer: ApiError;

  constructor(answer: ApiError) {
    super(answer.error.message);
    this.answer = answer;
  }
}

/**
 * A view that is looked at: while anybody looks, it is asked for once in its time, whether one looks or fifty. Where nobody
 * answers, it stays as it was last, and says so.
 */
export class Watched {
  readonly #look: () => Promise<unknown>;
  readonly #everyMs: number;
  readonly #say: (line: string) => void;
  readonly #viewers = new Set<() => void>();
  /** Names this one: after a restart of the server nobody goes on where another one stopped. */
  readonly epoch = randomUUID().slice(0, 8);
  #data: unknown;
  #standing: Standing = {};
  #version = 0;
  #delta: Delta = [];
  #refused: ApiError | undefined;
  #looking: Promise<void> | undefined;
  #readMs = -Infinity;
  #looksOn = false;

  /** `say` is told what nobody expected. */
  constructor(
    look: () => Promise<unknown>,
    { everyMs, say }: { readonly everyMs: number; readonly say: (line: string) => void },
  ) {
    this.#look = look;
    this.#everyMs = everyMs;
    this.#say = say;
  }

  get answer(): ViewAnswer {
    const data = this.#data as ViewAnswer['data'];
    return { ...(data === undefined ? {} : { data }), standing: this.#standing };
  }

  get standing(): Standing {
    return this.#standing;
  }

  /** Rises with every change of the data. */
  get version(): number {
    return this.#version;
  }

  /** What has changed with this version. */
  get delta(): Delta {
    return this.#delta;
  }

  get refused(): ApiError | undefined {
    return this.#refused;
  }

  get viewers(): number {
    return this.#viewers.size;
  }

  /** Looks at once where nobody has for its time. Throws Refused. */
  async now(): Promise<ViewAnswer> {
    if (performance.now() - this.#readMs >= this.#everyMs) await this.#lookOnce();
    if (this.#refused) throw new Refused(this.#refused);
    return this.answer;
  }

  /** `told` is called after every look. Answers how to look no more. */
  watch(told: () => void): () => void {
    this.#viewers.add(told);
    if (!this.#looksOn) void this.#lookOn();
    return () => this.#viewers.delete(told);
  }

  /** Something was said: it is looked at again at once. */
  async again(): Promise<void> {
    if (this.#viewers.size > 0) await this.#lookOnce();
  }

  async #lookOn(): Promise<void> {
    this.#looksOn = true;
    while (this.#viewers.size > 0) {
      if (performance.now() - this.#readMs >= this.#everyMs / 2) await this.#lookOnce();
      for (const told of this.#viewers) told();
      await sleep(this.#everyMs, undefined, { ref: false });
    }
    this.#looksOn = false;
  }

  #lookOnce(): Promise<void> {
    this.#looking ??= this.#lookNow().finally(() => {
      this.#looking = undefined;
      for (const told of this.#viewers) told();
    });
    return this.#looking;
  }

  async #lookNow(): Promise<void> {
    try {
      const data = await this.#look();
      const delta = this.#version === 0 ? [] : deltaOf(this.#data, data);
      if (this.#version === 0 || delta.length > 0) {
        this.#version += 1;
        this.#delta = delta;
        this.#data = data;
      }
      this.#standing = { readAt: new Date().toISOString() };
      this.#refused = undefined;
    } catch (error) {
      const answer = apiError(error);
      if (answer.error.kind === 'bug') this.#say(explain(error).message);
      this.#fail(answer);
    }
    this.#readMs = performance.now();
  }

  /** What was never seen and is refused, is refused; else it is shown as it was last. */
  #fail(answer: ApiError): void {
    const { kind, message } = answer.error;
    if (kind !== 'away' && this.#version === 0) {
      this.#refused = answer;
      return;
    }
    const { readAt, away } = this.#standing;
    this.#standing = {
      ...(readAt === undefined ? {} : { readAt }),
      away: { since: away?.since ?? new Date().toISOString(), why: message },
    };
  }
}
