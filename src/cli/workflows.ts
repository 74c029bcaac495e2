import type { Workflow } from '@temporalio/client';
import {
  QueryNotRegisteredError,
  ServiceError,
  WorkflowFailedError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
} from '@temporalio/client';
import { telling } from '../telling.ts';
import { EncryptionError } from '../temporal/codec/encryption-error.ts';
import { CliError } from './cli-error.ts';
import { EXIT } from './exit-codes.ts';
import type { Found, Named, Still } from './found.ts';
import type { Io } from './io.ts';
import type { Session } from './session.ts';

/** Temporal keeps what it asks for one that was killed for ten seconds before it asks another: only then there is none. */
const ANSWERS_WITHIN_MS = 20_000;
/** A worker on this machine does; another one beside it does no harm. */
const ANSWERS_AT_ONCE_MS = 3_000;

/** The newest run, or the one that is named; undefined where there is none, or Temporal keeps it no more. */
export async function findWorkflow<T extends Workflow>(
  { client }: Session,
  workflowId: string,
  runId?: string,
): Promise<Found<T> | undefined> {
  const handle = client.workflow.getHandle<T>(workflowId, runId);
  try {
    return { handle, description: await handle.describe() };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}

/** True where a worker runs already: it answers at once, also for what has ended. */
export async function answersAtOnce({ client }: Session, ask: () => Promise<unknown>): Promise<boolean> {
  try {
    await client.withDeadline(Date.now() + ANSWERS_AT_ONCE_MS, ask);
    return true;
  } catch (error) {
    // One runs and has answered, with a key that is not here.
    if (error instanceof EncryptionError) throw error;
    return false;
  }
}

/** Nobody has answered for a workflow: none of its workers runs, or none has come to it yet. */
export class NoWorker extends CliError {}

/** A worker's answer, within the time one takes; else says that there is no worker. Throws CliError. */
export async function answer<T>(
  { client, io }: Pick<Session, 'client'> & { readonly io: Pick<Io, 'err'> },
  named: Named,
  ask: () => Promise<T>,
): Promise<T> {
  try {
    return await telling(
      io.err,
      (seconds) => `waiting for a worker to answer for ${named.what} (${seconds} s)`,
      () => client.withDeadline(Date.now() + ANSWERS_WITHIN_MS, ask),
    );
  } catch (error) {
    if (error instanceof WorkflowFailedError) throw endedFromOutside(named, error);
    if (isFailingTask(error)) throw standsStill(named, 'failing');
    if (error instanceof ServiceError || error instanceof QueryNotRegisteredError)
      throw standsStill(named, 'silent');
    throw error;
  }
}

function endedFromOutside({ what, endedHint }: Named, error: WorkflowFailedError): CliError {
  const why = error.cause instanceof Error ? error.cause.message : 'no reason given';
  return new CliError(`${what} was ended from outside: ${why}`, {
    hint: endedHint,
    exitCode: EXIT.notUpgraded,
  });
}

/** Nobody carries it on; `unread`: why nothing is known of it either. */
export function standsStill({ what, goOnWith, lookWith }: Named, still: Still, unread?: string): CliError {
  const also = unread === undefined ? '' : `; ${unread}`;
  if (still === 'failing') {
    return new CliError(`${what} stands still: workers fail when they take it up${also}`, {
      hint:
        'Its history does not fit their release, or was carried on past a restored database: see “Temporal’s history is ' +
        'older than the cluster” in the runbook. What they say is in its history: temporal workflow show',
      exitCode: EXIT.unreachable,
    });
  }
  return new NoWorker(`${what} stands still: no worker ${still === 'silent' ? 'answers' : 'runs'}${also}`, {
    // Who has looked already is not told to look.
    hint: `Nothing is lost. ${unread === undefined ? `See where it stands with: ${lookWith}\n` : ''}Let it go on with: ${goOnWith}`,
    exitCode: EXIT.unreachable,
  });
}

/** Temporal answers so for a workflow that workers take up, and fail with each time. */
export function isFailingTask(error: unknown): boolean {
  if (!(error instanceof ServiceError)) return false;
  const said = error.cause instanceof Error ? error.cause.message : error.message;
  return /workflow task in failed state/i.test(said);
}

/** Says it: refused in the workflow's own words; `ended` answers where it has ended since it was looked at. */
export async function say<T>(send: () => Promise<T>, ended: () => Promise<T>): Promise<T> {
  try {
    return await send();
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return ended();
    if (!(error instanceof WorkflowUpdateFailedError)) throw error;
    const reason = error.cause instanceof Error ? error.cause.message : error.message;
    throw new CliError(reason, { exitCode: EXIT.refused });
  }
}
