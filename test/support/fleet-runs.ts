import type { WorkflowClient } from '@temporalio/client';

type Answer = Awaited<ReturnType<WorkflowClient['workflowService']['getWorkflowExecutionHistory']>>;

/** Events in the history of each run of a workflow, from this one on. */
export async function eventsOfRuns(
  { workflowService, options }: WorkflowClient,
  workflowId: string,
  firstRunId: string,
): Promise<number[]> {
  const lengths: number[] = [];
  let runId: string | null | undefined = firstRunId;
  while (runId) {
    const answer: Answer = await workflowService.getWorkflowExecutionHistory({
      namespace: options.namespace,
      execution: { workflowId, runId },
      historyEventFilterType: 2,
    });
    const [last] = answer.history?.events ?? [];
    lengths.push(Number(last?.eventId ?? 0));
    runId = last?.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId;
  }
  return lengths;
}
