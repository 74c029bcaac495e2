import type { Clusters } from '../openshift/clusters.ts';
import { telling } from '../telling.ts';
import { command } from '../domain/tenant/decisions.ts';
import type { ExitCode } from './exit-codes.ts';
import { EXIT } from './exit-codes.ts';
import { exitCodeOf, follow } from './tenant/follow.ts';
import { leftUpgrade, unread } from './tenant/left.ts';
import { untilInterrupted } from './screen.ts';
import type { Session } from './session.ts';
import { requireUpgrade } from './tenant/upgrades.ts';
import type { TenantRef } from '../domain/tenant/tenant.ts';
import { tenantName } from '../domain/tenant/tenant.ts';

/**
 * Runs a worker beside `work` where Temporal is the embedded one: there the command is all there is. Elsewhere workers
 * are run by whoever runs Temporal. `work` is told whether one runs here.
 */
export async function withWorker<T>(
  { target, io }: Session,
  clusters: Clusters,
  work: (ownWorker: boolean) => Promise<T>,
): Promise<T> {
  if (!target.embedded) return work(false);
  const worker = await telling(
    io.err,
    (seconds) => `the worker is being started (${seconds} s)`,
    async () => {
      const { startWorker } = await import('../worker/worker.ts');
      return startWorker(target, clusters);
    },
  );
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
  const goesOnUnread = (): void => {
    io.err(unread(`The upgrade of ${tenantName(tenant)}`, command(tenant, 'watch')));
  };
  const progress = await untilInterrupted(
    (signal) => follow(session, upgrade, { json, signal, ownWorker }),
    ownWorker ? { unread: goesOnUnread } : {},
  );
  if (!progress) {
    io.err(leftUpgrade({ session, ownWorker }, tenant));
    return EXIT.interrupted;
  }
  if (json) io.out(JSON.stringify(progress, undefined, 2));
  return exitCodeOf(progress);
}
