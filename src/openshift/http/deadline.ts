/**
 * Ends one exchange: at its deadline, or when its caller's signal aborts, whichever comes first; and tells which of the
 * two it was. Timers and listeners are let go of by `clear`.
 */
export class Deadline {
  readonly ms: number;
  readonly signal: AbortSignal;
  readonly #caller: AbortSignal | undefined;
  readonly #ended = new AbortController();
  readonly #timer: NodeJS.Timeout;
  #endedBy: 'caller' | 'deadline' | undefined;

  constructor(ms: number, caller?: AbortSignal) {
    this.ms = ms;
    this.#caller = caller;
    this.signal = this.#ended.signal;
    this.#timer = setTimeout(() => {
      this.#end('deadline', new Error(`no answer within ${ms / 1_000} s`));
    }, ms);
    caller?.addEventListener('abort', this.#abort, { once: true });
    if (caller?.aborted) this.#abort();
  }

  /** The caller has gone before the deadline came: what is thrown is the reason of its signal. */
  get leftByCaller(): boolean {
    return this.#endedBy === 'caller';
  }

  /** Waits for what knows no signal, and no longer than this. */
  async over<T>(work: Promise<T>): Promise<T> {
    const { signal } = this;
    let left = (): void => undefined;
    const end = new Promise<never>((_, reject) => {
      left = () => {
        reject(signal.reason as Error);
      };
    });
    if (signal.aborted) left();
    else signal.addEventListener('abort', left, { once: true });
    try {
      return await Promise.race([work, end]);
    } finally {
      signal.removeEventListener('abort', left);
    }
  }

  /** What was waited for has begun: from here on only the caller ends it. */
  lift(): void {
    clearTimeout(this.#timer);
  }

  clear(): void {
    this.lift();
    this.#caller?.removeEventListener('abort', this.#abort);
  }

  readonly #abort = (): void => {
    this.#end('caller', this.#caller?.reason);
  };

  #end(by: 'caller' | 'deadline', reason: unknown): void {
    this.#endedBy ??= by;
    this.clear();
    this.#ended.abort(reason);
  }
}
