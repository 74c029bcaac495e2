import { setTimeout as sleep } from 'node:timers/promises';
import type { Worker } from '@temporalio/worker';
import { GracefulShutdownPeriodExpiredError } from '@temporalio/worker';
import { isAway } from '../temporal/explain.ts';
import type { PollingWorker } from './running-worker.ts';

const TRIES_AGAIN_MS = 500;
/** What the last one still does is nothing that a new one could not do as well: Temporal takes one answer to a task. */
const LETS_GO_WITHIN_MS = 5_000;

/**
 * Runs workflows, and begins anew with an empty cache whenever Temporal has been away: its database may have been put
 * back to a copy. A workflow in the cache would then know more than Temporal does, go on with what never was, and leave a
 * history that nobody can replay (ADR 0012).
 */
export class FreshWorkflows implements PollingWorker {
  /** Resolves when it was stopped; rejects where a worker has failed. */
  readonly ended: Promise<void>;
  readonly #create: () => Promise<Worker>;
  readonly #ask: () => Promise<void>;
  readonly #leaving: Promise<void>[] = [];
  readonly #over = new AbortController();
  #worker: Worker;
  #told = Promise.withResolvers<'told'>();

  private constructor(create: () => Promise<Worker>, ask: () => Promise<void>, worker: Worker) {
    this.#create = create;
    this.#ask = ask;
    this.#worker = worker;
    this.ended = this.#last();
    // Whoever waits for the end hears of it; so does `stop`.
    this.ended.catch(() => undefined);
  }

  /** `ask` rejects while Temporal is away: a worker that cannot be created leaves a thread behind. */
  static async start(create: () => Promise<Worker>, ask: () => Promise<void>): Promise<FreshWorkflows> {
    return new FreshWorkflows(create, ask, await create());
  }

  get polls(): boolean {
    return (
      this.#worker.getState() === 'RUNNING' && this.#worker.getStatus().workflowPollerState === 'POLLING'
    );
  }

  /** Takes no more tasks with what it has in its cache. */
  forget(): void {
    if (this.#worker.getState() === 'RUNNING') this.#worker.shutdown();
    this.#told.resolve('told');
  }

  async stop(): Promise<void> {
    this.#over.abort();
    this.forget();
    await this.ended;
  }

  async #last(): Promise<void> {
    try {
      for (let worker: Worker | undefined = this.#worker; worker; worker = await this.#another()) {
        this.#worker = worker;
        await this.#run(worker);
      }
    } finally {
      await Promise.all(this.#leaving);
    }
  }

  async #run(worker: Worker): Promise<void> {
    this.#told = Promise.withResolvers();
    const ended = runToItsEnd(worker);
    if (this.#over.signal.aborted) this.forget();
    await Promise.race([ended, this.#told.promise]);
    if (this.#over.signal.aborted) return ended;
    const left = ended.catch(() => undefined);
    this.#leaving.push(left);
    await Promise.race([left, sleep(LETS_GO_WITHIN_MS, undefined, { ref: false })]);
  }

  /** Undefined once it is over. */
  async #another(): Promise<Worker | undefined> {
    const { signal } = this.#over;
    while (!signal.aborted) {
      try {
        await this.#ask();
        return await this.#create();
      } catch (error) {
        // Nobody is there yet: whoever watches Temporal gives up in the end.
        if (!isAway(error)) throw error;
        await sleep(TRIES_AGAIN_MS, undefined, { signal }).catch(() => undefined);
      }
    }
    return undefined;
  }
}

/** Told to end, and something would not: another attempt looks at what it left, as after a crash. */
export async function runToItsEnd(worker: Worker): Promise<void> {
  try {
    await worker.run();
  } catch (error) {
    if (!(error instanceof GracefulShutdownPeriodExpiredError)) throw error;
  }
}
