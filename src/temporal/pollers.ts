import type { Client } from '@temporalio/client';

/** TASK_QUEUE_TYPE_ACTIVITY of Temporal's API. */
const ACTIVITY = 2;

/** True where a worker asks for this queue's activities, or did so in the last minutes: Temporal forgets slowly. */
export async function hasPollers({ connection, options }: Client, taskQueue: string): Promise<boolean> {
  const { pollers } = await connection.workflowService.describeTaskQueue({
    namespace: options.namespace,
    taskQueue: { name: taskQueue },
    taskQueueType: ACTIVITY,
  });
  return (pollers ?? []).length > 0;
}
