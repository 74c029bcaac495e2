import { WorkflowNotFoundError } from '@temporalio/client';
import type { Lab } from './lab.ts';

/** As Temporal's retention does: resolves when the workflow's history is gone. */
export async function forget({ client, target }: Lab, workflowId: string): Promise<void> {
  await client.connection.workflowService.deleteWorkflowExecution({
    namespace: target.namespace,
    workflowExecution: { workflowId },
  });
  const isThere = (): Promise<boolean> =>
    client.workflow
      .getHandle(workflowId)
      .describe()
      .then(
        () => true,
        (error: unknown) => !(error instanceof WorkflowNotFoundError),
      );
  while (await isThere()) await new Promise((resolve) => setTimeout(resolve, 100));
}
