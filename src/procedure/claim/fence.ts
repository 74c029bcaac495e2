import type { WriteFence } from '../../openshift/tenant-api.ts';
import { tooSlow } from '../../openshift/tenant-api.ts';

/** Less than half of what a silent attempt is given before another one takes its place (workflows/activities.ts). */
export const LEASE_MS = 4_000;
const MANY = 1_000;
const TRIES = 5;

/**
 * When something was last seen to be so, by both clocks: one of them stands still while a machine sleeps, the other may be
 * set back. What was seen longer ago than a lease has to be seen anew.
 */
export class Lease {
  readonly #steady: number;
  readonly #wall: number;

  /** Begins now: before the question is asked, so that the answer is never older than it seems. */
  constructor() {
    this.#steady = performance.now();
    this.#wall = Date.now();
  }

  get isFresh(): boolean {
    const wallMs = Date.now() - this.#wall;
    return performance.now() - this.#steady < LEASE_MS && wallMs >= 0 && wallMs < LEASE_MS;
  }
}

/**
 * Stands before every write of an attempt: Temporal must have called it the current one, and the cluster must let its
 * upgrade write, not longer ago than a lease. A process that was stopped and wakes has none, by its own clocks: it asks
 * again, and learns that another went on in its place.
 */
export class Fence implements WriteFence {
  readonly #ask: () => Promise<readonly Lease[]>;
  readonly #lost: (() => void) | undefined;
  #leases: readonly Lease[] = [];
  #wasPassed = false;

  /**
   * `ask` rejects where nothing may be written any more; else it resolves to what it relies on. `lost` is told of what
   * was not answered, and nothing but a name guards.
   */
  constructor(ask: () => Promise<readonly Lease[]>, lost?: () => void) {
    this.#ask = ask;
    this.#lost = lost;
  }

  unguardedLost(): void {
    this.#lost?.();
  }

  /** Something was let through, whenever that was. */
  get wasPassed(): boolean {
    return this.#wasPassed;
  }

  get isOpen(): boolean {
    return this.#leases.length > 0 && this.#leases.every(({ isFresh }) => isFresh);
  }

  /**
   * Rejects where nothing may be written any more. An answer that came when it was no longer news is asked for anew, a few
   * times: then whoever waits has to hear of it.
   */
  async pass(): Promise<void> {
    for (let tries = 0; !this.isOpen; tries += 1) {
      if (tries === TRIES) throw tooSlow();
      this.#leases = await this.#ask();
    }
    this.#wasPassed = true;
  }
}

/**
 * What another clock showed when it was asked, and shows since, by the clock here that nobody sets: early by no more than
 * the answer took, and never late.
 */
class TimeShown {
  readonly #lease = new Lease();
  readonly #askedAt = performance.now();
  #shownMs = Infinity;

  static async by(ask: () => Promise<number>): Promise<TimeShown> {
    const time = new TimeShown();
    time.#shownMs = await ask();
    return time;
  }

  get isFresh(): boolean {
    return this.#lease.isFresh;
  }

  isBefore(ms: number): boolean {
    return this.#shownMs + performance.now() - this.#askedAt < ms;
  }
}

/**
 * A fence that closes for good at a moment: what has not been sent by then is not sent at all. The moment is one of the clock
 * that is asked, not longer ago than a lease: this machine's own may be hours off, and then would close it too soon, or never.
 */
export class FenceUntil implements WriteFence {
  readonly #fence: WriteFence;
  readonly #untilMs: number;
  readonly #tooLate: () => Error;
  readonly #askTime: () => Promise<number>;
  #time: TimeShown | undefined;

  /** `askTime` resolves to what the clock shows that the moment is one of: by default the machine's own. */
  constructor(
    fence: WriteFence,
    untilMs: number,
    tooLate: () => Error,
    askTime: () => Promise<number> = () => Promise.resolve(Date.now()),
  ) {
    this.#fence = fence;
    this.#untilMs = untilMs;
    this.#tooLate = tooLate;
    this.#askTime = askTime;
  }

  get isOpen(): boolean {
    return this.#time?.isFresh === true && this.#time.isBefore(this.#untilMs) && this.#fence.isOpen;
  }

  unguardedLost(): void {
    this.#fence.unguardedLost?.();
  }

  /** Rejects as the fence does, and where it is too late. */
  async pass(): Promise<void> {
    const time = this.#time?.isFresh ? this.#time : await TimeShown.by(this.#askTime);
    this.#time = time;
    await this.#fence.pass();
    if (!time.isBefore(this.#untilMs)) throw this.#tooLate();
  }
}

/** What a worker has seen of its clusters a moment ago: activities that follow one another need not all look again. */
export class Leases {
  readonly #leases = new Map<string, Lease>();
  readonly #looking = new Map<string, Promise<void>>();

  /**
   * Looks, unless it has just done so for this key, or is doing so. Rejects as `look` does; as another's look under way
   * does only with what `endsBoth`.
   */
  async see(
    key: string,
    look: () => Promise<void>,
    endsBoth: (error: unknown) => boolean = () => false,
  ): Promise<Lease> {
    const held = this.#leases.get(key);
    if (held?.isFresh) return held;
    const underWay = this.#looking.get(key);
    if (underWay) {
      // Of another attempt, which may be told to stop: then this one looks for itself.
      await underWay.catch((error: unknown) => {
        if (endsBoth(error)) throw error;
      });
      return this.see(key, look, endsBoth);
    }
    const lease = new Lease();
    const looks = look();
    this.#looking.set(key, looks);
    try {
      await looks;
    } finally {
      this.#looking.delete(key);
    }
    if (this.#leases.size >= MANY) this.#forgetStale();
    this.#leases.set(key, lease);
    return lease;
  }

  #forgetStale(): void {
    for (const [key, lease] of this.#leases) if (!lease.isFresh) this.#leases.delete(key);
  }
}
