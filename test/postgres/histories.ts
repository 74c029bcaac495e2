import type { temporal } from '@temporalio/proto';

export interface History {
  /** The workflow's. */
  readonly id: string;
  readonly events: readonly temporal.api.history.v1.IHistoryEvent[];
}

/** What is not as it must be once it has ended, in sentences. */
export function whatIsWrong({ id, events }: History): string[] {
  const missing = events.some(({ eventId }, place) => Number(eventId) !== place + 1);
  const failed = events.filter((event) => event.workflowTaskFailedEventAttributes).length;
  return [
    ...(missing ? [`${id}: events are missing`] : []),
    ...(events.at(-1)?.workflowExecutionCompletedEventAttributes ? [] : [`${id}: it did not complete`]),
    ...(failed > 0 ? [`${id}: ${failed} workflow tasks failed`] : []),
  ];
}

/** The longest time from a workflow task that was due to one that was done. */
export function stoodStillMs({ events }: History): number {
  let longestMs = 0;
  let dueMs: number | undefined;
  for (const event of events) {
    if (event.workflowTaskScheduledEventAttributes) dueMs ??= timeOf(event);
    if (!event.workflowTaskCompletedEventAttributes || dueMs === undefined) continue;
    longestMs = Math.max(longestMs, timeOf(event) - dueMs);
    dueMs = undefined;
  }
  return longestMs;
}

/** Build ids of the versions of a Worker Deployment that did its tasks. */
export const servedBy = ({ events }: History): string[] =>
  events.flatMap((event) => event.workflowTaskCompletedEventAttributes?.deploymentVersion?.buildId ?? []);

const timeOf = ({ eventTime }: temporal.api.history.v1.IHistoryEvent): number =>
  Number(eventTime?.seconds ?? 0) * 1_000 + Number(eventTime?.nanos ?? 0) / 1e6;
