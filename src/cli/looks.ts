import type { Workflow } from '@temporalio/client';
import { QueryNotRegisteredError, ServiceError } from '@temporalio/client';
import type { QueryDefinition } from '@temporalio/common';
import { TASK_QUEUE } from '../domain/tenant/task-queue.ts';
import { hasWorkflowPollers } from '../temporal/pollers.ts';
import { hasEnded, partHistory, signalsOf } from '../worker/decided.ts';
import { NotReplayable } from '../worker/not-replayable.ts';
import type { Replayer } from '../worker/replay.ts';
import type { Found, Named, NamedWith, Still } from './found.ts';
import { isRunning } from './found.ts';
import type { Looking, Session } from './session.ts';
import { isFailingTask, standsStill } from './workflows.ts';

/** A worker that runs answers by then. */
const ANSWERS_WITHIN_MS = 3_000;
/** Workers that wait for Temporal have come back to it by then, once it is started. */
const COME_BACK_WITHIN_MS = 30_000;
/** How long it is taken for known whether workers run. */
const KNOWN_FOR_MS = 1_000;
/** How long one that has not answered is not asked again. */
const SILENT_FOR_MS = 10_000;

/**
 * Asks workflows without letting them go on: a worker where one runs, else Temporal's history, which is replayed here.
 * Nothing is written to the history, and no task is taken from anybody.
 */
export class Looks implements Looking {
  readonly #session: Session;
  /** It takes the worker's library: loaded for the first workflow that no worker answers for. */
  #loadedReplayer: Promise<Replayer> | undefined;
  /** By workflow: what is said of it where no worker has answered. */
  readonly #told = new Map<string, string>();
  #workers: { readonly untilMs: number; readonly run: Promise<boolean> } | undefined;
  readonly #silentUntilMs = new Map<string, number>();
  readonly #beganMs = performance.now();

  constructor(session: Session) {
    this.#session = session;
  }

  async ask<T, Args extends unknown[]>(
    found: Found<Workflow>,
    named: NamedWith<T>,
    query: QueryDefinition<T, Args>,
    ...args: Args
  ): Promise<T> {
    const { workflowId } = found.description;
    const byWorker = isRunning(found) ? await this.#byWorker(found, query, args) : { still: 'none' as const };
    if ('value' in byWorker) {
      this.#told.delete(workflowId);
      return byWorker.value;
    }
    const { still } = byWorker;
    try {
      const history = await found.handle.fetchHistory();
      const questions = [{ query: query.name, args }];
      const replayer = await this.#replayer();
      const [value] = await replayer.ask({ workflowId, history, questions });
      const answer = value as T;
      if (!hasEnded(history)) {
        const signals = signalsOf(partHistory(history).since);
        this.#told.set(workflowId, tell(still, named, { signals, waitsFor: named.waitsFor?.(answer) }));
      }
      return answer;
    } catch (error) {
      if (!(error instanceof NotReplayable)) throw error;
      throw standsStill(named, still, `its history cannot be read here: ${error.message}`);
    }
  }

  told(workflowId: string): string | undefined {
    return this.#told.get(workflowId);
  }

  async close(): Promise<void> {
    await (await this.#loadedReplayer)?.close();
  }

  #replayer(): Promise<Replayer> {
    const load = async (): Promise<Replayer> => {
      const { Replayer } = await import('../worker/replay.ts');
      return new Replayer(this.#session.target.dataConverter);
    };
    return (this.#loadedReplayer ??= load());
  }

  async #byWorker<T, Args extends unknown[]>(
    { handle, description: { workflowId } }: Found<Workflow>,
    query: QueryDefinition<T, Args>,
    args: Args,
  ): Promise<{ readonly value: T } | { readonly still: Still }> {
    if (!(await this.#hasWorkers())) return { still: this.#isJustStarted() ? 'unheard' : 'none' };
    if ((this.#silentUntilMs.get(workflowId) ?? 0) > performance.now()) return { still: 'silent' };
    try {
      const value = await this.#session.client.withDeadline(Date.now() + ANSWERS_WITHIN_MS, () =>
        handle.query(query, ...args),
      );
      return { value };
    } catch (error) {
      if (isFailingTask(error)) return { still: 'failing' };
      if (!(error instanceof ServiceError) && !(error instanceof QueryNotRegisteredError)) throw error;
      this.#silentUntilMs.set(workflowId, performance.now() + SILENT_FOR_MS);
      return { still: 'silent' };
    }
  }

  /** Temporal was started to be looked at: it knows of no worker before one has asked it. */
  #isJustStarted(): boolean {
    const { server } = this.#session.target;
    return server?.started === true && performance.now() - this.#beganMs < COME_BACK_WITHIN_MS;
  }

  /** Tenants of a fleet are asked many at once. */
  #hasWorkers(): Promise<boolean> {
    const nowMs = performance.now();
    if (this.#workers && nowMs < this.#workers.untilMs) return this.#workers.run;
    const { client, target } = this.#session;
    const run = hasWorkflowPollers(client, TASK_QUEUE, target);
    this.#workers = { untilMs: nowMs + KNOWN_FOR_MS, run };
    return run;
  }
}

/** As lines. */
function tell(
  still: Still,
  { what, goOnWith }: Named,
  { signals, waitsFor }: { readonly signals: readonly string[]; readonly waitsFor: string | undefined },
): string {
  return [
    `${STILL[still](what)}: this is where it stood last.`,
    `Looking changes nothing. ${waitsFor ?? `To let it go on: ${goOnWith}`}`,
    ...(signals.length > 0 ? [`Sent since, and taken up by nobody yet: ${signals.join(', ')}`] : []),
  ].join('\n');
}

const STILL: Readonly<Record<Still, (what: string) => string>> = {
  none: (what) => `No worker runs, so that ${what} stands still`,
  unheard: (what) =>
    `No worker runs that Temporal, just started, has heard of: unless one comes back to it, ${what} stands still`,
  silent: (what) =>
    `No worker runs, or none answers in time, so that ${what} stands still unless one is at work on it`,
  failing: (what) => `Workers fail when they take up ${what}, so that it stands still`,
};
