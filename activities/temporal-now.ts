import { Context } from '@temporalio/activity';
import { isGrpcServiceError } from '@temporalio/client';
import { optionalTsToMs } from '@temporalio/common/lib/time.js';
import { pause } from '../src/openshift/pause.ts';
import { stillCurrent } from './still-current.ts';

const ANSWERS_WITHIN_MS = 5_000;
const ASK_AGAIN_MS = 500;
const PERMISSION_DENIED = 7;
const UNIMPLEMENTED = 12;

/**
 * What Temporal's own clock shows, whatever this machine's does: Temporal is told that this attempt is alive, then asked when it
 * has heard so. Waits for an answer while Temporal is away. Throws as `stillCurrent` does. `details` are the heartbeat's.
 */
export async function temporalNow(details: unknown): Promise<number> {
  for (;;) {
    await stillCurrent(details);
    try {
      // Whoever may not look has the clock here, which counts as long as it is not behind what Temporal has said.
      return (
        (await heardAt()) ?? Math.max(Date.now(), Context.current().info.currentAttemptScheduledTimestampMs)
      );
    } catch (error) {
      if (!isGrpcServiceError(error)) throw error;
      await pause(ASK_AGAIN_MS, Context.current().cancellationSignal);
    }
  }
}

/** When Temporal has heard of this attempt last; undefined where it does not say. */
async function heardAt(): Promise<number | undefined> {
  const { client, info } = Context.current();
  try {
    const { pendingActivities } = await client.withDeadline(Date.now() + ANSWERS_WITHIN_MS, () =>
      client.workflowService.describeWorkflowExecution({
        namespace: info.namespace,
        execution: info.workflowExecution ?? {},
      }),
    );
    const own = pendingActivities.find(({ activityId }) => activityId === info.activityId);
    return optionalTsToMs(own?.lastHeartbeatTime);
  } catch (error) {
    if (!isGrpcServiceError(error)) throw error;
    const code: number = error.code;
    if (code !== PERMISSION_DENIED && code !== UNIMPLEMENTED) throw error;
    return undefined;
  }
}
