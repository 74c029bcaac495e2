import type { WorkerOptions } from '@temporalio/worker';
import { Worker } from '@temporalio/worker';

/** The one worker of a lab, which tests stop and start again. */
export class LabWorker {
  readonly #options: WorkerOptions;
  #current: { readonly worker: Worker; readonly running: Promise<void> } | undefined;

  constructor(options: WorkerOptions) {
    this.#options = { shutdownGraceTime: '1s', ...options };
  }

  async start(more: { readonly maxCachedWorkflows?: number } = {}): Promise<void> {
    const worker = await Worker.create({ ...this.#options, ...more });
    this.#current = { worker, running: worker.run() };
  }

  /** True where it has no task in hand. */
  get isIdle(): boolean {
    const status = this.#current?.worker.getStatus();
    return !status || status.numInFlightActivities + status.numInFlightWorkflowActivations === 0;
  }

  async stop(): Promise<void> {
    const current = this.#current;
    this.#current = undefined;
    current?.worker.shutdown();
    await current?.running;
  }
}
