import type { DataConverter, Payload } from '@temporalio/common';
import { defaultPayloadConverter } from '@temporalio/common';
import protos from '@temporalio/proto';
import type { ReplayResult } from '@temporalio/worker';
import { Worker } from '@temporalio/worker';
import Long from 'long';
import type { Question } from '../../workflows/tenant/looking.ts';
import { decodePayloads } from '../temporal/codec/codecs.ts';
import { reasonOf } from '../temporal/explain.ts';
import { partHistory } from './decided.ts';
import { NotReplayable } from './not-replayable.ts';
import { loadLookingBundle } from './workflow-bundle.ts';
import { setLogLevel } from './worker.ts';

type History = protos.temporal.api.history.v1.IHistory;
type HistoryEvent = protos.temporal.api.history.v1.IHistoryEvent;
const { EventType } = protos.temporal.api.enums.v1;

/** The name of `lookSignal`: modules of workflows load only as workflows. */
const LOOK_SIGNAL = '__look';

/** What is asked of one workflow, by its history. */
export interface Look {
  readonly workflowId: string;
  readonly history: History;
  readonly questions: readonly Question[];
}

/**
 * Tells what workflows would answer, by replaying their histories in this process: as their workers have left them.
 * Temporal hears nothing of it, no task is taken from anybody, and no activity runs.
 */
export class Replayer {
  readonly #dataConverter: DataConverter;
  #results: AsyncIterableIterator<ReplayResult> | undefined;
  #next: { readonly workflowId: string; readonly history: History } | undefined;
  #answers: readonly unknown[] | undefined;
  #before: Promise<unknown> = Promise.resolve();

  constructor(dataConverter: DataConverter) {
    this.#dataConverter = dataConverter;
  }

  /** The answers, in the order of the questions. Throws NotReplayable, or EncryptionError where a key is missing here. */
  ask(look: Look): Promise<readonly unknown[]> {
    const answers = this.#before.then(() => this.#ask(look));
    this.#before = answers.catch(() => undefined);
    return answers;
  }

  async close(): Promise<void> {
    await this.#before;
    this.#next = undefined;
    await this.#results?.return?.();
  }

  async #ask({ workflowId, history, questions }: Look): Promise<readonly unknown[]> {
    const { decided } = partHistory(history);
    // The SDK would write it to the log, and say it in its own words.
    await decodePayloads(this.#dataConverter.payloadCodecs ?? [], payloadsIn(decided));
    this.#results ??= await this.#begin();
    this.#next = { workflowId, history: asked(decided, questions) };
    this.#answers = undefined;
    const { value } = (await this.#results.next()) as { readonly value: ReplayResult | undefined };
    if (this.#answers !== undefined && value?.error === undefined) return this.#answers;
    throw new NotReplayable(whyOf(value?.error), { cause: value?.error });
  }

  async #begin(): Promise<AsyncIterableIterator<ReplayResult>> {
    setLogLevel('ERROR');
    const answered = {
      fn: (_info: unknown, answers: string) => {
        this.#answers = JSON.parse(answers) as readonly unknown[];
      },
      callDuringReplay: true,
    };
    return Worker.runReplayHistories(
      {
        workflowBundle: await loadLookingBundle(),
        dataConverter: this.#dataConverter,
        sinks: { look: { answered } },
      },
      this.#histories(),
    );
  }

  /** Each is taken when its result is asked for. */
  async *#histories(): AsyncGenerator<{ readonly workflowId: string; readonly history: History }> {
    while (this.#next) yield await Promise.resolve(this.#next);
  }
}

function whyOf(error: Error | undefined): string {
  if (error?.name === 'DeterminismViolationError') return 'its history was made by another release';
  return error === undefined
    ? 'its history gives no answer'
    : `this release fails with its history: ${reasonOf(error)}`;
}

/** What was decided, and then the questions: in a task that nobody will answer. */
function asked(decided: readonly HistoryEvent[], questions: readonly Question[]): History {
  const nowMs = Date.now();
  const eventTime = {
    seconds: Long.fromNumber(Math.floor(nowMs / 1_000)),
    nanos: (nowMs % 1_000) * 1_000_000,
  };
  const ids = [1, 2, 3].map((offset) => Long.fromNumber(decided.length + offset));
  const more: readonly HistoryEvent[] = [
    {
      eventType: EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED,
      workflowExecutionSignaledEventAttributes: {
        signalName: LOOK_SIGNAL,
        input: { payloads: [defaultPayloadConverter.toPayload(questions)] },
      },
    },
    {
      eventType: EventType.EVENT_TYPE_WORKFLOW_TASK_SCHEDULED,
      workflowTaskScheduledEventAttributes: { attempt: 1 },
    },
    {
      eventType: EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED,
      workflowTaskStartedEventAttributes: { scheduledEventId: ids[1] ?? null },
    },
  ];
  return {
    events: [
      ...decided,
      ...more.map((event, index) => ({ ...event, eventTime, eventId: ids[index] ?? null })),
    ],
  };
}

/** Wherever they are in a message of Temporal's. */
function payloadsIn(message: unknown): Payload[] {
  if (typeof message !== 'object' || message === null || message instanceof Uint8Array) return [];
  if ('metadata' in message && 'data' in message && message.data instanceof Uint8Array)
    return [message as Payload];
  return Object.values(message).flatMap(payloadsIn);
}
