import type { Stats } from '../contract.ts';

const MINUTE_MS = 60_000;

/** Counts what is asked of Temporal: whether fifty people look or one, it is to be the same. */
export class Calls {
  readonly #byMethod = new Map<string, number>();
  /** When each of the last minute was made, ms. */
  #recent: number[] = [];
  #calls = 0;

  note(method: string): void {
    const nowMs = Date.now();
    this.#calls += 1;
    this.#byMethod.set(method, (this.#byMethod.get(method) ?? 0) + 1);
    this.#recent.push(nowMs);
    if (this.#recent.length > 2_000) this.#forget(nowMs);
  }

  get counted(): Stats['temporal'] {
    this.#forget(Date.now());
    return {
      calls: this.#calls,
      lastMinute: this.#recent.length,
      byMethod: Object.fromEntries([...this.#byMethod].sort()),
    };
  }

  #forget(nowMs: number): void {
    this.#recent = this.#recent.filter((ms) => ms > nowMs - MINUTE_MS);
  }
}
