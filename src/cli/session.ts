import type { Client, Workflow } from '@temporalio/client';
import type { QueryDefinition } from '@temporalio/common';
import { NamespaceNotFoundError } from '@temporalio/common';
import { reportStore } from '../reports/find-store.ts';
import { connectClient, findTemporal, readConfiguration } from '../temporal/connection.ts';
import type { TemporalTarget } from '../temporal/connection.ts';
import { explainTemporal } from '../temporal/explain.ts';
import { requireNamespace } from '../temporal/namespace.ts';
import { stopIfUnused } from '../temporal/dev-server/dev-server-end.ts';
import { hasDevServerState } from '../temporal/dev-server/dev-server.ts';
import { telling } from '../telling.ts';
import { CliError } from './cli-error.ts';
import { EXIT } from './exit-codes.ts';
import type { Found, NamedWith } from './found.ts';
import type { Io } from './io.ts';

/** A command's way to Temporal. */
export interface Session {
  readonly io: Io;
  readonly target: TemporalTarget;
  readonly client: Client;
  /** Of a command that only looks: what no worker answers is read from Temporal's history. */
  readonly looks?: Looking;
}

/** Asks workflows, and lets none of them go on. */
export interface Looking {
  /**
   * Throws CliError where nobody answers and the history tells nothing either, and EncryptionError where a key is missing
   * here.
   */
  ask<T, Args extends unknown[]>(
    found: Found<Workflow>,
    named: NamedWith<T>,
    query: QueryDefinition<T, Args>,
    ...args: Args
  ): Promise<T>;
  /** What is to be said of this workflow, as lines: that it stands still. Undefined where a worker has answered, or it has ended. */
  told(workflowId: string): string | undefined;
}

export const END_IT = 'end it with: threescale-upgrade dev --stop';

/** Temporal is embedded, and has never kept anything: there is nothing to be found in it. */
export const nothingKept = async (): Promise<boolean> => !readConfiguration() && !(await hasDevServerState());

/**
 * Finds Temporal (starting the embedded one if need be), runs the command, and lets go of it. A server that was started only to
 * refuse what was asked is ended again.
 */
export async function withSession<T>(io: Io, work: (session: Session) => Promise<T>): Promise<T> {
  // A place that is none is said before anything is begun.
  reportStore();
  const target = await findTemporal(io.err);
  const started = target.server?.started ? target.server : undefined;
  if (started) io.err(`It goes on in the background when this ends; ${END_IT}`);
  try {
    return await connected(io, target, work);
  } catch (error) {
    const isRefused = error instanceof CliError && error.exitCode === EXIT.refused;
    if (started && isRefused && (await stopIfUnused(started.pid, io.err)))
      io.err('Nothing was begun: the Temporal dev server is ended again.');
    throw error;
  }
}

/** Runs the command beside this Temporal, and lets go of it. */
export async function connected<T>(
  io: Io,
  target: TemporalTarget,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const { client, close } = await telling(
    io.err,
    (seconds) => `waiting for Temporal at ${target.address} (${seconds} s)`,
    () => connectClient(target),
  );
  try {
    // Whatever a command asks first: it is told in one way, and nothing is begun.
    if (!target.embedded) await requireNamespace(client, target);
    return await work({ io, target, client });
  } catch (error) {
    throw error instanceof NamespaceNotFoundError ? (explainTemporal(error, target) ?? error) : error;
  } finally {
    await close();
  }
}
