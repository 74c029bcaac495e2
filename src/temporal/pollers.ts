import type { Client } from '@temporalio/client';

/** TASK_QUEUE_TYPE_ACTIVITY of Temporal's API. */
const ACTIVITY = 2;

/**
 * False where no worker has asked for this queue's activities in the last minutes: Temporal forgets slowly. True too where
 * Temporal does not say: nobody is told what is not known.
 */
export async function hasPollers({ connection, options }: Client, taskQueue: string): Promise<boolean> {
  try {
    const { pollers } = await connection.workflowService.describeTaskQueue({
      namespace: options.namespace,
      taskQueue: { name: taskQueue },
      taskQueueType: ACTIVITY,
    });
    return (pollers ?? []).length > 0;
  } catch {
    return true;
  }
}
