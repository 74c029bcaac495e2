import type { Client } from '@temporalio/client';
import { NamespaceNotFoundError } from '@temporalio/common';
import { connectClient, findTemporal } from '../temporal/connection.ts';
import type { TemporalTarget } from '../temporal/connection.ts';
import { explainTemporal } from '../temporal/explain.ts';
import { requireNamespace } from '../temporal/namespace.ts';
import { telling } from '../telling.ts';
import type { Io } from './io.ts';

/** A command's way to Temporal. */
export interface Session {
  readonly io: Io;
  readonly target: TemporalTarget;
  readonly client: Client;
}

/** Finds Temporal (starting the embedded one if need be), runs the command, and lets go of it. */
export async function withSession<T>(io: Io, work: (session: Session) => Promise<T>): Promise<T> {
  const target = await findTemporal((line) => {
    io.err(line);
  });
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
