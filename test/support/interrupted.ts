import type { Client } from '@temporalio/client';
import { CliProcess } from './cli-process.ts';

/** Starts an upgrade by the command, and kills that once it has said so: nobody carries it on then. */
export async function startAndKill(flags: readonly string[], once: string): Promise<void> {
  const started = new CliProcess(['start', ...flags, '--yes', '--why', 'change 4711', '--by', 'olga']);
  await started.says(once);
  await started.kill('SIGKILL');
}

/** What Temporal itself writes of a task that nobody takes any more, and of an activity that nobody ends. */
const BY_TEMPORAL = ['workflowTaskTimedOut', 'workflowTaskScheduled', 'activityTaskTimedOut'];

/** Events of all runs that somebody has made: whoever acts adds one, and whoever looks does not. */
export async function madeEvents(client: Client, workflowId: string): Promise<string[]> {
  const made: string[] = [];
  for await (const { runId } of client.workflow.list({ query: `WorkflowId = "${workflowId}"` })) {
    const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    for (const event of events ?? []) {
      const kind = Object.keys(event).find((key) => key.endsWith('EventAttributes')) ?? '';
      const name = kind.replace('EventAttributes', '');
      if (!BY_TEMPORAL.includes(name)) made.push(`${runId} ${event.eventId?.toString() ?? ''} ${name}`);
    }
  }
  return made;
}
