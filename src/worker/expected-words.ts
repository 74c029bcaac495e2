import type { LogMetadata } from '@temporalio/worker';
import { ApplicationFailure } from '@temporalio/common';

/** What the worker of workflows has no activities for, and that of activities no workflows: they are made so. */
const MADE_SO = /^No (activities|workflows) registered/;

/** A failure that somebody will be told of, and decides about, is no fault of the worker: its stack says nothing. */
const UNEXPECTED = 'Bug';

/** An entry as an operator is to read it; undefined where there is nothing to be read. */
export function expectedWords(
  message: string,
  meta: LogMetadata = {},
): { readonly message: string; readonly meta?: LogMetadata } | undefined {
  if (MADE_SO.test(message)) return undefined;
  const { error, activityType, workflowId, attempt } = meta;
  if (!(error instanceof ApplicationFailure) || error.type === UNEXPECTED || !error.type)
    return { message, ...(Object.keys(meta).length > 0 ? { meta } : {}) };
  const what = [activityType, 'of', workflowId].map(String).join(' ');
  return {
    message: `${message}: ${what}, attempt ${String(attempt)}: ${error.type}: ${error.message}`,
  };
}
