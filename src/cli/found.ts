import type { Workflow, WorkflowExecutionDescription, WorkflowHandle } from '@temporalio/client';

/** The newest run of a workflow, running or ended. */
export interface Found<T extends Workflow> {
  readonly handle: WorkflowHandle<T>;
  readonly description: WorkflowExecutionDescription;
}

/** What a person is told of a workflow that gives no answer: what it is, and what to type. */
export interface Named {
  /** `the upgrade of prod/3scale`. */
  readonly what: string;
  readonly goOnWith: string;
  /** Looks at it, and lets nothing go on. */
  readonly lookWith: string;
  readonly endedHint: string;
}

/** The same, where an answer was read from the history. */
export interface NamedWith<T> extends Named {
  /** What it waits for besides a worker, and what to type then; undefined where only a worker is lacking. */
  readonly waitsFor?: (answer: T) => string | undefined;
}

/**
 * Why no worker has answered: none runs, none has come back yet to a Temporal that was only just started, none has answered
 * in time, or those that run fail with it.
 */
export type Still = 'none' | 'unheard' | 'silent' | 'failing';

export const isRunning = ({ description }: Pick<Found<Workflow>, 'description'>): boolean =>
  description.status.name === 'RUNNING';

/** Terminated, cancelled or timed out: it has left no result. */
export const isEndedFromOutside = (found: Pick<Found<Workflow>, 'description'>): boolean =>
  !isRunning(found) && found.description.status.name !== 'COMPLETED';
