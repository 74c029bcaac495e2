import { setTimeout as sleep } from 'node:timers/promises';
import type { TemporalTarget } from '../temporal/connection.ts';
import { runningDevServer } from '../temporal/dev-server/dev-server.ts';
import type { Say } from '../temporal/dev-server/dev-server-executable.ts';
import { explainTemporal, reasonOf } from '../temporal/explain.ts';
import { TemporalError } from '../temporal/temporal-error.ts';
import type { ConnectedWorker } from './running-worker.ts';

export interface Lasting {
  readonly say?: Say;
  /** An embedded server that has come back elsewhere is followed; else the worker ends then, and says so. */
  readonly follows?: boolean;
  /** For so long Temporal may be away. */
  readonly givesUpAfterMs?: number;
  /** For so long it may not poll though Temporal answers. */
  readonly standsStillAfterMs?: number;
}

const GIVES_UP_AFTER_MS = 120_000;
const ASKS_EVERY_MS = 5_000;
/** Longer than it takes to begin anew after Temporal was away. */
const STANDS_STILL_AFTER_MS = 120_000;
/** An old worker's activities have so long to heed that it is over, before a new one begins. */
const LETS_GO_WITHIN_MS = 5_000;

/** Keeps a worker on its Temporal: says when it is away and back, follows an embedded one, and gives up in the end. */
export class LastingWorker implements ConnectedWorker {
  readonly ended: Promise<void>;
  readonly #start: (target: TemporalTarget) => Promise<ConnectedWorker>;
  readonly #options: Required<Lasting>;
  #target: TemporalTarget;
  #worker: ConnectedWorker;
  readonly #over = new AbortController();
  #stopping = false;
  #idleSinceMs: number | undefined;

  private constructor(
    target: TemporalTarget,
    worker: ConnectedWorker,
    start: (target: TemporalTarget) => Promise<ConnectedWorker>,
    options: Lasting,
  ) {
    this.#target = target;
    this.#worker = worker;
    this.#start = start;
    this.#options = {
      say: () => undefined,
      follows: false,
      givesUpAfterMs: GIVES_UP_AFTER_MS,
      standsStillAfterMs: STANDS_STILL_AFTER_MS,
      ...options,
    };
    this.ended = this.#last();
    // Whoever waits for the end hears of it; so does `stop`.
    this.ended.catch(() => undefined);
  }

  /** Throws TemporalError where it does not get to work at all. */
  static async start(
    target: TemporalTarget,
    start: (target: TemporalTarget) => Promise<ConnectedWorker>,
    options: Lasting = {},
  ): Promise<LastingWorker> {
    return new LastingWorker(target, await start(target), start, options);
  }

  get polls(): boolean {
    return this.#worker.polls;
  }

  /** It has not polled for minutes, though Temporal answers: nothing but another process would help. */
  get standsStill(): boolean {
    const { standsStillAfterMs } = this.#options;
    return this.#idleSinceMs !== undefined && performance.now() - this.#idleSinceMs >= standsStillAfterMs;
  }

  /** Throws where Temporal does not answer. */
  ask(): Promise<void> {
    return this.#worker.ask();
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    this.#over.abort();
    await this.#worker.stop();
    await this.ended;
  }

  async #last(): Promise<void> {
    try {
      for (;;) {
        const moved = await Promise.race([this.#worker.ended, this.#watch()]);
        if (!moved) return;
        await this.#move(moved);
      }
    } catch (error) {
      if (this.#stopping) return;
      await this.#letGo();
      throw explainTemporal(error, this.#target) ?? error;
    } finally {
      this.#over.abort();
    }
  }

  /** Resolves where the embedded server listens now, once that is elsewhere; rejects once Temporal is away for too long. */
  async #watch(): Promise<TemporalTarget> {
    const { say, givesUpAfterMs } = this.#options;
    const name = `Temporal ${this.#target.address}`;
    let awaySinceMs: number | undefined;
    for (;;) {
      await this.#pause(ASKS_EVERY_MS);
      if (this.#over.signal.aborted) break;
      const moved = await this.#elsewhere();
      if (moved) return moved;
      try {
        await this.#worker.ask();
        if (awaySinceMs !== undefined) say(`${name} answers again: the worker goes on`);
        awaySinceMs = undefined;
        this.#idleSinceMs = this.#worker.polls ? undefined : (this.#idleSinceMs ?? performance.now());
      } catch (error) {
        if (this.#over.signal.aborted) break;
        // A clock that stands still while the machine sleeps.
        const nowMs = performance.now();
        if (awaySinceMs === undefined) say(`${name} does not answer (${reasonOf(error)}): waiting for it`);
        awaySinceMs ??= nowMs;
        if (nowMs - awaySinceMs >= givesUpAfterMs) throw this.#gone(error);
      }
    }
    return new Promise(() => undefined);
  }

  async #elsewhere(): Promise<TemporalTarget | undefined> {
    if (!this.#target.embedded) return undefined;
    const running = await runningDevServer();
    if (!running || running.address === this.#target.address) return undefined;
    const { address } = running;
    const connectionOptions = { ...this.#target.connectionOptions, address };
    return { ...this.#target, server: running, address, connectionOptions };
  }

  async #move(target: TemporalTarget): Promise<void> {
    const { say, follows } = this.#options;
    if (!follows) {
      throw new TemporalError(
        `the embedded Temporal listens on ${target.address} now, no more on ${this.#target.address}`,
        'Nothing is lost: type the same command again.',
      );
    }
    say(`the embedded Temporal listens on ${target.address} now: the worker goes there`);
    await this.#letGo();
    this.#target = target;
    this.#worker = await this.#startAgain(target);
    if (this.#stopping) void this.#worker.stop();
    say(`worker ready: Temporal ${target.address}, namespace ${target.namespace}`);
  }

  /** A server that listens already may not have its namespace yet. */
  async #startAgain(target: TemporalTarget): Promise<ConnectedWorker> {
    const untilMs = performance.now() + this.#options.givesUpAfterMs;
    for (;;) {
      try {
        return await this.#start(target);
      } catch (error) {
        if (this.#stopping || performance.now() >= untilMs) throw error;
        await this.#pause(1_000);
      }
    }
  }

  async #letGo(): Promise<void> {
    const stopped = this.#worker.stop().catch(() => undefined);
    await Promise.race([stopped, sleep(LETS_GO_WITHIN_MS)]);
  }

  /** Shorter once it is over. */
  async #pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#over.signal }).catch(() => undefined);
  }

  #gone(cause: unknown): TemporalError {
    const { address, embedded } = this.#target;
    const seconds = Math.round(this.#options.givesUpAfterMs / 1_000);
    return new TemporalError(
      `Temporal ${address} has not answered for ${seconds} s: ${reasonOf(cause)}`,
      embedded
        ? 'Nothing is lost. Start it anew with: threescale-upgrade dev'
        : 'Nothing is lost: start the worker again when it does.',
      { cause },
    );
  }
}
