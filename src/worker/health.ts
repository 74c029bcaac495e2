import { setTimeout as sleep } from 'node:timers/promises';
import type { Clusters } from '../openshift/clusters.ts';
import { KubeconfigError } from '../openshift/kubeconfig/kubeconfig-error.ts';
import { reasonOf } from '../temporal/explain.ts';
import type { LastingWorker } from './lasting-worker.ts';

/** Whether the process should go on; where it should not, another one is to take its place. */
export interface Liveness {
  readonly alive: boolean;
  readonly why?: string;
}

/** Whether the worker can do its work: `ok`, or why not. No credential is in it. */
export interface Readiness {
  readonly ready: boolean;
  readonly polls: string;
  readonly temporal: string;
  /** By context of the kubeconfig; empty where the worker reaches none. Of several that lead to one cluster, one is enough. */
  readonly clusters: Readonly<Record<string, string>>;
}

const OK = 'ok';
const STARTING = 'the worker is being started';
const STOPPING = 'the worker is being stopped: what runs is handed over';
const ANSWERS_WITHIN_MS = 4_000;
/** Whoever asks more often is answered what was found last: no cluster has more to do for it. */
const LASTS_MS = 5_000;

/** What a worker's own process knows of it, for whoever watches over it. */
export class WorkerHealth {
  readonly #clusters: Clusters | undefined;
  #worker: LastingWorker | undefined;
  #stops = false;
  #found: Promise<Readiness> | undefined;
  #foundAtMs = -Infinity;

  constructor(clusters: Clusters | undefined) {
    this.#clusters = clusters;
  }

  begun(worker: LastingWorker): void {
    this.#worker = worker;
    this.#found = undefined;
  }

  stops(): void {
    this.#stops = true;
    this.#found = undefined;
  }

  /** Temporal or a cluster that is away is no reason to end: the worker waits for them, and goes on. */
  alive(): Liveness {
    if (!this.#worker?.standsStill) return { alive: true };
    return { alive: false, why: 'the worker has not polled for minutes, though Temporal answers' };
  }

  /**
   * Within seconds: what has not answered by then is not reached. Rejects with KubeconfigError where the kubeconfig cannot be
   * read any more.
   */
  ready(): Promise<Readiness> {
    if (!this.#found || performance.now() - this.#foundAtMs >= LASTS_MS) {
      this.#foundAtMs = performance.now();
      this.#found = this.#look();
    }
    return this.#found;
  }

  async #look(): Promise<Readiness> {
    const contexts = this.#clusters?.contexts() ?? [];
    const [temporal, answers] = await Promise.all([
      this.#temporal(),
      Promise.all(contexts.map(async (context) => [context, await this.#reach(context)] as const)),
    ]);
    const polls = this.#polls();
    const reached = new Set(
      answers.filter(([, answer]) => answer === OK).map(([name]) => this.#leadsTo(name)),
    );
    const all = contexts.every((context) => reached.has(this.#leadsTo(context)));
    const ready = polls === OK && temporal === OK && all;
    return { ready, polls, temporal, clusters: Object.fromEntries(answers) };
  }

  /** A kubeconfig may have contexts that nobody uses any more, beside others to the same cluster. */
  #leadsTo(context: string): string {
    try {
      return this.#clusters?.clusterOf(context) ?? context;
    } catch (error) {
      if (error instanceof KubeconfigError) return context;
      throw error;
    }
  }

  #polls(): string {
    if (this.#stops) return STOPPING;
    if (!this.#worker) return STARTING;
    return this.#worker.polls ? OK : 'the worker does not poll: it begins anew once Temporal answers';
  }

  async #temporal(): Promise<string> {
    const worker = this.#worker;
    return worker ? answerOf(() => worker.ask()) : STARTING;
  }

  #reach(context: string): Promise<string> {
    return answerOf(async (signal) => this.#clusters?.reach(context, signal));
  }
}

async function answerOf(ask: (signal: AbortSignal) => Promise<void>): Promise<string> {
  const over = new AbortController();
  const late = sleep(ANSWERS_WITHIN_MS, `no answer within ${ANSWERS_WITHIN_MS / 1_000} s`, {
    signal: over.signal,
  });
  late.catch(() => undefined);
  try {
    const asked = ask(over.signal).then(() => OK);
    return await Promise.race([asked.catch((error: unknown) => reasonOf(error)), late]);
  } finally {
    over.abort();
  }
}
