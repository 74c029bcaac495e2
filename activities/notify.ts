import { ApplicationFailure, Context } from '@temporalio/activity';
import type { DeliverInput } from '../src/domain/notify/delivery.ts';
import { deliverOnce } from '../src/notify/deliver.ts';
import { DeliveryError } from '../src/notify/delivery-error.ts';
import { refuseUnlessMessage } from './permitted.ts';

/**
 * Tells people. Fails with `Undelivered`, to be tried again, after what the other side has asked for where it did; with `Gone`
 * where nothing is to be sent there any more. Sent again, a message has the same id: at least once, and known when it comes twice.
 */
export interface NotifyActivities {
  deliver(input: DeliverInput): Promise<void>;
}

export function createNotifyActivities(): NotifyActivities {
  return {
    async deliver(input) {
      refuseUnlessMessage(input.message, Context.current().info.workflowExecution?.workflowId);
      try {
        await deliverOnce(input);
      } catch (error) {
        throw failureOf(error);
      }
    },
  };
}

/** Without a cause: what a library says may hold a secret. */
function failureOf(error: unknown): ApplicationFailure {
  const known = error instanceof DeliveryError ? error : new DeliveryError('it could not be sent');
  const { message, gone, afterMs } = known;
  return ApplicationFailure.create({
    message,
    type: gone ? 'Gone' : 'Undelivered',
    nonRetryable: gone,
    ...(afterMs === undefined ? {} : { nextRetryDelay: afterMs }),
  });
}
