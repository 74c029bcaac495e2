import type { Client } from '@temporalio/client';
import type { Tenant } from './tenant.ts';

/** EVENT_TYPE_WORKFLOW_TASK_COMPLETED */
const WORKFLOW_TASK_COMPLETED = 7;

/** Temporal's own reset, as an administrator types it: back to a workflow task that was completed earlier. */
export async function resetWorkflow(client: Client, { workflowId }: Tenant, share: number): Promise<boolean> {
  const handle = client.workflow.getHandle(workflowId);
  const { events } = await handle.fetchHistory();
  const completed = (events ?? []).filter(({ eventType }) => eventType === WORKFLOW_TASK_COMPLETED);
  const event = completed[Math.floor(share * completed.length)];
  const { runId } = await handle.describe();
  if (!event?.eventId) return false;
  await client.workflowService.resetWorkflowExecution({
    namespace: client.options.namespace,
    workflowExecution: { workflowId, runId },
    reason: 'the campaign',
    workflowTaskFinishEventId: event.eventId,
    requestId: `${workflowId}-${Date.now()}`,
  });
  return true;
}

/** Temporal's own pause, or reset, of the activities that are pending. */
export async function actOnActivities(
  client: Client,
  { workflowId }: Tenant,
  act: 'pause' | 'unpause' | 'reset',
): Promise<number> {
  const { raw } = await client.workflow.getHandle(workflowId).describe();
  const pending = raw.pendingActivities ?? [];
  const { namespace } = client.options;
  for (const { activityId } of pending) {
    const request = { namespace, execution: { workflowId }, id: activityId ?? '', identity: 'the campaign' };
    const { workflowService: service } = client;
    const done =
      act === 'pause'
        ? service.pauseActivity(request)
        : act === 'unpause'
          ? service.unpauseActivity(request)
          : service.resetActivity(request);
    // One that has ended meanwhile needs nothing.
    await done.catch(() => undefined);
  }
  return pending.length;
}
