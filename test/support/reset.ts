import { randomUUID } from 'node:crypto';
import type { Handle, Lab } from './lab.ts';

/** Temporal's Reset: history is as it was before an activity of this type was first asked for; what came after is forgotten. */
export async function resetBefore(lab: Lab, handle: Handle, activityType: string): Promise<Handle> {
  const { events } = await handle.fetchHistory();
  const scheduled = (events ?? []).find(
    (event) => event.activityTaskScheduledEventAttributes?.activityType?.name === activityType,
  );
  const finished = scheduled?.activityTaskScheduledEventAttributes?.workflowTaskCompletedEventId;
  if (!finished) throw new Error(`${activityType} was never asked for`);
  const { runId } = await handle.describe();
  const answer = await lab.client.workflowService.resetWorkflowExecution({
    namespace: lab.target.namespace,
    workflowExecution: { workflowId: handle.workflowId, runId },
    reason: 'a test',
    workflowTaskFinishEventId: finished,
    requestId: randomUUID(),
  });
  return lab.client.workflow.getHandle(handle.workflowId, answer.runId ?? undefined) as Handle;
}
