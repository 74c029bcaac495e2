import { WorkflowExecutionAlreadyStartedError, WorkflowIdReusePolicy } from '@temporalio/common';
import { ChildWorkflowCancellationType, ParentClosePolicy, startChild } from '@temporalio/workflow';
import type { TellInput } from '../../src/domain/notify/delivery.ts';
import { namesOf } from '../../src/domain/notify/delivery.ts';
import { messageWorkflowId } from '../../src/domain/tenant/workflow-id.ts';
import type { tellPeople } from './tell-people.ts';

/** Lets it be told; false where it was told already, or cannot be. Waits until it is begun, and not for anybody to get it. */
export async function tell(input: TellInput): Promise<boolean> {
  const { message } = input;
  try {
    await startChild<typeof tellPeople>('tellPeople', {
      workflowId: messageWorkflowId(message.id),
      args: [input],
      parentClosePolicy: ParentClosePolicy.ABANDON,
      cancellationType: ChildWorkflowCancellationType.ABANDON,
      workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
      staticSummary: `${message.of}: ${message.occasion}, to ${namesOf(input)}`,
    });
    return true;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
    throw error;
  }
}
