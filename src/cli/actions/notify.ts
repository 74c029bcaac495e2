import { randomUUID } from 'node:crypto';
import { WorkflowFailedError } from '@temporalio/client';
import { receiversByFlags, withFlags } from '../../config/notify-flags.ts';
import { readReceivers } from '../../config/notify-file.ts';
import type { Delivery } from '../../domain/notify/delivery.ts';
import type { Message } from '../../domain/notify/message.ts';
import type { Receiver } from '../../domain/notify/receivers.ts';
import { kindOf } from '../../domain/notify/receivers.ts';
import { TASK_QUEUE } from '../../domain/tenant/task-queue.ts';
import { messageWorkflowId } from '../../domain/tenant/workflow-id.ts';
import { Clusters } from '../../openshift/clusters.ts';
import type { tellPeople } from '../../../workflows/notify/tell-people.ts';
import { withWorker } from '../attach.ts';
import { CliError } from '../cli-error.ts';
import type { ExitCode } from '../exit-codes.ts';
import { EXIT } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import type { OutputOptions } from '../options.ts';
import type { Session } from '../session.ts';
import { withSession } from '../session.ts';
import { login } from '../via.ts';

export interface NotifyTestOptions extends OutputOptions {
  readonly file?: string;
  readonly notify?: readonly string[];
}

/** For all tries, and for a worker to take it up. */
const TAKES_AT_MOST = '2m';

/** `notify test` */
export async function testReceivers(
  io: Io,
  { file, notify = [], output }: NotifyTestOptions,
): Promise<ExitCode> {
  const { of, receivers: ofFile } = file === undefined ? { of: 'test', receivers: [] } : readReceivers(file);
  const receivers = withFlags(ofFile, receiversByFlags(notify, 'any'));
  if (receivers.length === 0)
    throw new CliError('nobody is to be told: there is no receiver', {
      hint: 'Name a file with notify:, or a receiver with --notify; see docs/notifications.md.',
    });
  const clusters = new Clusters();
  try {
    const deliveries = await withSession(io, (session) =>
      withWorker(session, clusters, () => send(session, testMessage(of), receivers)),
    );
    if (output === 'json') io.out(JSON.stringify(deliveries, undefined, 2));
    else for (const receiver of receivers) io.out(lineOf(receiver, deliveries));
    return deliveries.every(({ outcome }) => outcome === 'sent') ? EXIT.ok : EXIT.notUpgraded;
  } finally {
    await clusters.close();
  }
}

function testMessage(of: string): Message {
  return {
    id: `test_${randomUUID()}`,
    occasion: 'test',
    scope: 'fleet',
    of,
    at: new Date().toISOString(),
    facts: { subject: of, by: login() },
  };
}

async function send(
  { client }: Session,
  message: Message,
  receivers: readonly Receiver[],
): Promise<readonly Delivery[]> {
  try {
    return await client.workflow.execute<typeof tellPeople>('tellPeople', {
      workflowId: messageWorkflowId(message.id),
      taskQueue: TASK_QUEUE,
      args: [{ message, receivers, patience: 'a-moment' }],
      workflowExecutionTimeout: TAKES_AT_MOST,
    });
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error;
    throw new CliError('no worker has sent the test message within two minutes', {
      hint: 'Run one where it reaches the receivers and has their secrets: threescale-upgrade worker',
      exitCode: EXIT.unreachable,
    });
  }
}

function lineOf(receiver: Receiver, deliveries: readonly Delivery[]): string {
  const { outcome, why = '' } = deliveries.find((delivery) => delivery.receiver === receiver.name) ?? {};
  const came = outcome === 'sent' ? 'has got it' : `has not got it: ${why}`;
  return `${receiver.name} (${kindOf(receiver)}) ${came}`;
}
