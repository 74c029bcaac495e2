import type { Clusters } from '../openshift/clusters.ts';
import { startWorker } from '../worker/worker.ts';
import { command } from '../domain/decisions.ts';
import type { ExitCode } from './exit-codes.ts';
import { EXIT } from './exit-codes.ts';
import { exitCodeOf, follow } from './follow.ts';
import { untilInterrupted } from './screen.ts';
import type { Session } from './session.ts';
import { requireUpgrade } from './upgrades.ts';
import type { TenantRef } from '../domain/tenant.ts';

/**
 * Runs a worker beside `work` where Temporal is the embedded one: there the command is all there is. Elsewhere workers
 * are run by whoever runs Temporal. `work` is told whether one runs here.
 */
export async function withWorker<T>(
  { target }: Session,
  clusters: Clusters,
  work: (ownWorker: boolean) => Promise<T>,
): Promise<T> {
  if (!target.embedded) return work(false);
  const worker = await startWorker(target, clusters);
  try {
    return await Promise.race([work(true), worker.ended.then(() => new Promise<never>(() => undefined))]);
  } finally {
    // Where it has failed, that is said already.
    await worker.stop().catch(() => undefined);
  }
}

/** Follows an upgrade to its end or its next question, and answers with the exit code. Ctrl-C leaves it as it is. */
export async function attach(
  session: Session,
  tenant: TenantRef,
  { output, ownWorker = false }: { readonly output?: string; readonly ownWorker?: boolean },
): Promise<ExitCode> {
  const { io } = session;
  const json = output === 'json';
  const upgrade = await requireUpgrade(session, tenant);
  const progress = await untilInterrupted((signal) => follow(session, upgrade, { json, signal, ownWorker }));
  if (!progress) {
    io.err(
      session.target.embedded
        ? `Left where it is; nothing is lost. Go on with: ${command(tenant, 'start')}`
        : `It goes on without you. See it with: ${command(tenant, 'watch')}`,
    );
    return EXIT.interrupted;
  }
  if (json) io.out(JSON.stringify(progress, undefined, 2));
  return exitCodeOf(progress);
}
