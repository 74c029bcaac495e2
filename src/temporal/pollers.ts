import { hostname } from 'node:os';
import type { Client } from '@temporalio/client';
import protos from '@temporalio/proto';
import { isAlive } from './dev-server/dev-server-record.ts';

const { TASK_QUEUE_TYPE_WORKFLOW, TASK_QUEUE_TYPE_ACTIVITY } = protos.temporal.api.enums.v1.TaskQueueType;

/**
 * False where no worker has asked for this queue's activities in the last minutes: Temporal forgets slowly. True too where
 * Temporal does not say: nobody is told what is not known.
 */
export async function hasPollers(client: Client, taskQueue: string): Promise<boolean> {
  const pollers = await pollersOf(client, taskQueue, TASK_QUEUE_TYPE_ACTIVITY);
  return pollers === undefined || pollers.length > 0;
}

/**
 * As `hasPollers`, of a queue's workflows. `embedded`: every worker runs on this machine, so that one whose process is gone
 * is not taken for one that runs.
 */
export async function hasWorkflowPollers(
  client: Client,
  taskQueue: string,
  { embedded }: { readonly embedded: boolean },
): Promise<boolean> {
  const pollers = await pollersOf(client, taskQueue, TASK_QUEUE_TYPE_WORKFLOW);
  if (pollers === undefined) return true;
  return pollers.some((identity) => !embedded || !isGone(identity));
}

/** Their identities; undefined where Temporal does not say. */
async function pollersOf(
  { connection, options }: Client,
  taskQueue: string,
  taskQueueType: protos.temporal.api.enums.v1.TaskQueueType,
): Promise<string[] | undefined> {
  try {
    const { pollers } = await connection.workflowService.describeTaskQueue({
      namespace: options.namespace,
      taskQueue: { name: taskQueue },
      taskQueueType,
    });
    return (pollers ?? []).map(({ identity }) => identity ?? '');
  } catch {
    return undefined;
  }
}

/** The SDK names a worker by its process and machine: `4711@host`. */
function isGone(identity: string): boolean {
  const [, pid, host] = /^(\d+)@(.+)$/.exec(identity) ?? [];
  return pid !== undefined && host === hostname() && !isAlive(Number(pid));
}
