import { Context } from '@temporalio/activity';
import { ActivityCancelledError, ActivityCompletionError } from '@temporalio/client';
import { ActivityNotFoundError, ActivityPausedError, ActivityResetError } from '@temporalio/client';
import { CancelledFailure } from '@temporalio/common';
import { pause } from '../src/openshift/pause.ts';

const ANSWERS_WITHIN_MS = 5_000;
const ASK_AGAIN_MS = 500;

/** Another attempt has taken this one's place, or an operator has stopped it: nothing may be written any more. */
export class NotCurrent extends Error {
  constructor() {
    super('another attempt has taken the place of this one');
    this.name = 'NotCurrent';
  }
}

/**
 * Asks Temporal whether this attempt is still the one that it waits for. Waits for an answer while Temporal is away.
 * Throws NotCurrent, or a CancelledFailure where the workflow wants it stopped. `details` are the heartbeat's.
 */
export async function stillCurrent(details: unknown): Promise<void> {
  const { cancellationSignal, client, info } = Context.current();
  for (;;) {
    cancellationSignal.throwIfAborted();
    try {
      await client.withDeadline(Date.now() + ANSWERS_WITHIN_MS, () =>
        client.activity.heartbeat(info.taskToken, details),
      );
      return;
    } catch (error) {
      if (error instanceof ActivityCancelledError) throw new CancelledFailure('cancelled by the workflow');
      if (
        error instanceof ActivityNotFoundError ||
        error instanceof ActivityPausedError ||
        error instanceof ActivityResetError
      )
        throw new NotCurrent();
      if (!(error instanceof ActivityCompletionError)) throw error;
      await pause(ASK_AGAIN_MS, cancellationSignal);
    }
  }
}
