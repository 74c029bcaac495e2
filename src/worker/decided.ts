import type protos from '@temporalio/proto';

type History = protos.temporal.api.history.v1.IHistory;
type HistoryEvent = protos.temporal.api.history.v1.IHistoryEvent;

/** A history, parted where workers have taken it up last. */
export interface Decided {
  /** What workers have answered to, and what they answered. */
  readonly decided: readonly HistoryEvent[];
  /** What has come since: nobody has taken it up yet. */
  readonly since: readonly HistoryEvent[];
}

/** The end of a workflow is left out of what was decided: what is looked at goes on to answer. */
export function partHistory({ events }: History): Decided {
  const all = events ?? [];
  const last = all.findLastIndex((event) => event.workflowTaskCompletedEventAttributes);
  const id = all[last]?.eventId?.toString();
  // Where none was ever taken up, there is what it was started with.
  let end = Math.max(last + 1, Math.min(1, all.length));
  while (end < all.length && isAnswer(all[end] ?? {}, id)) end += 1;
  const decided = all.slice(0, end).filter((event) => !closes(event));
  return { decided, since: all.slice(end) };
}

/** True for what a worker's answer has put into the history. */
function isAnswer(event: HistoryEvent, taskId: string | undefined): boolean {
  if (taskId === undefined) return false;
  if (event.workflowExecutionUpdateAcceptedEventAttributes) return true;
  if (event.workflowExecutionUpdateCompletedEventAttributes) return true;
  return Object.values(event).some(
    (attributes: unknown) =>
      typeof attributes === 'object' &&
      attributes !== null &&
      'workflowTaskCompletedEventId' in attributes &&
      String(attributes.workflowTaskCompletedEventId) === taskId,
  );
}

/** The end that a worker has put there. */
const closes = (event: HistoryEvent): boolean =>
  Boolean(
    event.workflowExecutionCompletedEventAttributes ??
    event.workflowExecutionFailedEventAttributes ??
    event.workflowExecutionCanceledEventAttributes ??
    event.workflowExecutionContinuedAsNewEventAttributes,
  );

/** True where nothing goes on any more, whoever has ended it. */
export function hasEnded({ events }: History): boolean {
  const last = events?.at(-1);
  return (
    last !== undefined &&
    (closes(last) ||
      Boolean(
        last.workflowExecutionTerminatedEventAttributes ?? last.workflowExecutionTimedOutEventAttributes,
      ))
  );
}

/** Names of the signals among these, each as often as it was sent. */
export function signalsOf(events: readonly HistoryEvent[]): string[] {
  return events.flatMap(({ workflowExecutionSignaledEventAttributes: signal }) =>
    signal?.signalName ? [signal.signalName] : [],
  );
}
