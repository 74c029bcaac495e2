import type { Workflow, WorkflowExecutionDescription, WorkflowHandle } from '@temporalio/client';
import {
  QueryNotRegisteredError,
  ServiceError,
  WorkflowFailedError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
} from '@temporalio/client';
import { EncryptionError } from '../temporal/encryption-error.ts';
import { startAnsweringWorker } from '../worker/worker.ts';
import { CliError } from './cli-error.ts';
import { EXIT } from './exit-codes.ts';
import type { Session } from './session.ts';

/** Temporal keeps what it asks for one that was killed for ten seconds before it asks another: only then there is none. */
const ANSWERS_WITHIN_MS = 20_000;
/** A worker on this machine does; another one beside it does no harm. */
const ANSWERS_AT_ONCE_MS = 3_000;

/** The newest run of a workflow, running or ended. */
export interface Found<T extends Workflow> {
  readonly handle: WorkflowHandle<T>;
  readonly description: WorkflowExecutionDescription;
}

/** What a person is told of a workflow that gives no answer: what it is, and what to type. */
export interface Named {
  /** `the upgrade of prod/3scale`. */
  readonly what: string;
  readonly goOnWith: string;
  readonly endedHint: string;
}

/** Undefined where there never was one, or Temporal keeps it no more. */
export async function findWorkflow<T extends Workflow>(
  { client }: Session,
  workflowId: string,
): Promise<Found<T> | undefined> {
  const handle = client.workflow.getHandle<T>(workflowId);
  try {
    return { handle, description: await handle.describe() };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}

export const isRunning = ({ description }: Pick<Found<Workflow>, 'description'>): boolean =>
  description.status.name === 'RUNNING';

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

/**
 * Looks at what runs. Where Temporal is embedded and no worker runs, one answers beside `work` that carries nothing out:
 * what it stands still for is to be seen all the same.
 */
export async function lookBeside<T>(
  session: Session,
  found: Pick<Found<Workflow>, 'description'>,
  { what, goOnWith, ask }: Pick<Named, 'what' | 'goOnWith'> & { readonly ask: () => Promise<unknown> },
  work: () => Promise<T>,
): Promise<T> {
  const { target, io } = session;
  if (!target.embedded || !isRunning(found) || (await answersAtOnce(session, ask))) return work();
  io.err(`No worker runs, so that ${what} stands still. Let it go on with: ${goOnWith}`);
  const worker = await startAnsweringWorker(target);
  try {
    return await work();
  } finally {
    await worker.stop();
  }
}

/** Nobody has answered for a workflow: none of its workers runs, or none has come to it yet. */
export class NoWorker extends CliError {}

/** A worker's answer, within the time one takes; else says that there is no worker. Throws CliError. */
export async function answer<T>(
  { client }: Pick<Session, 'client'>,
  { what, goOnWith, endedHint }: Named,
  ask: () => Promise<T>,
): Promise<T> {
  try {
    return await client.withDeadline(Date.now() + ANSWERS_WITHIN_MS, ask);
  } catch (error) {
    if (error instanceof WorkflowFailedError) {
      const why = error.cause instanceof Error ? error.cause.message : 'no reason given';
      throw new CliError(`${what} was ended from outside: ${why}`, {
        hint: endedHint,
        exitCode: EXIT.notUpgraded,
      });
    }
    if (isFailingTask(error)) {
      throw new CliError(`${what} stands still: workers fail when they take it up`, {
        hint:
          'Its history does not fit their release, or was carried on past a restored database: see “Temporal’s history is ' +
          'older than the cluster” in the runbook. What they say is in its history: temporal workflow show',
        exitCode: EXIT.unreachable,
      });
    }
    if (error instanceof ServiceError || error instanceof QueryNotRegisteredError) {
      throw new NoWorker(`${what} stands still: no worker answers`, {
        hint: `Nothing is lost. Let it go on with: ${goOnWith}`,
        exitCode: EXIT.unreachable,
      });
    }
    throw error;
  }
}

/** Temporal answers so for a workflow that workers take up, and fail with each time. */
function isFailingTask(error: unknown): boolean {
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
