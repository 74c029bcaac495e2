import type { WorkflowHandle } from '@temporalio/client';
import { command } from '../domain/decisions.ts';
import type { TenantProgress } from '../domain/progress.ts';
import type { TenantRef } from '../domain/tenant.ts';
import { tenantName } from '../domain/tenant.ts';
import { workflowIdOf } from '../domain/workflow-id.ts';
import type { tenantUpgrade } from '../../workflows/tenant-upgrade.ts';
import { progressQuery } from '../../workflows/messages.ts';
import { failureMessage } from '../temporal/failure-message.ts';
import { podsIn } from '../temporal/heartbeat-pods.ts';
import { CliError } from './cli-error.ts';
import { EXIT } from './exit-codes.ts';
import type { PendingAttempt } from './render/progress.ts';
import type { Session } from './session.ts';
import type { Found, Named } from './workflows.ts';
import { answer, findWorkflow, isRunning, lookBeside } from './workflows.ts';

export type Handle = WorkflowHandle<typeof tenantUpgrade>;

export interface Upgrade extends Found<typeof tenantUpgrade> {
  readonly tenant: TenantRef;
}

/** The newest upgrade of a tenant, running or ended; undefined where there never was one. */
export async function findUpgrade(session: Session, tenant: TenantRef): Promise<Upgrade | undefined> {
  const found = await findWorkflow<typeof tenantUpgrade>(session, workflowIdOf(tenant));
  return found && { tenant, ...found };
}

/** Throws CliError where there is none. */
export async function requireUpgrade(session: Session, tenant: TenantRef): Promise<Upgrade> {
  const upgrade = await findUpgrade(session, tenant);
  if (upgrade) return upgrade;
  throw new CliError(`there is no upgrade of ${tenantName(tenant)} on ${session.target.address}`, {
    hint: `Start it with: ${command(tenant, 'start')}`,
    exitCode: EXIT.refused,
  });
}

/** Looks at a tenant's upgrade; where Temporal is embedded, also while no worker carries it out. Throws CliError. */
export async function withUpgrade<T>(
  session: Session,
  tenant: TenantRef,
  work: (upgrade: Upgrade) => Promise<T>,
): Promise<T> {
  const upgrade = await requireUpgrade(session, tenant);
  const ask = (): Promise<TenantProgress> => upgrade.handle.query(progressQuery);
  return lookBeside(session, upgrade, { ...named(session, tenant), ask }, () => work(upgrade));
}

/** Where it stands: its result once it has ended, a worker's answer while it runs. Throws CliError. */
export function readProgress(session: Session, upgrade: Upgrade): Promise<TenantProgress> {
  const { handle, tenant } = upgrade;
  return answer(session, named(session, tenant), () =>
    isRunning(upgrade) ? handle.query(progressQuery) : handle.result(),
  );
}

/** Temporal knows what fails while it is being tried again; the workflow does not. */
export async function pendingAttempts({ client }: Session, { handle }: Upgrade): Promise<PendingAttempt[]> {
  const { raw } = await handle.describe();
  return Promise.all(
    (raw.pendingActivities ?? []).map(
      async ({ activityType, attempt, lastFailure, heartbeatDetails }): Promise<PendingAttempt> => {
        // Of one that is too large Temporal keeps the type and the message, as the cause of its own words.
        const failure = lastFailure?.serverFailureInfo ? (lastFailure.cause ?? lastFailure) : lastFailure;
        const failureType = failure?.applicationFailureInfo?.type ?? undefined;
        const pods = await podsIn(client, heartbeatDetails);
        const message = failure ? await failureMessage(client, failure) : undefined;
        return {
          activity: activityType?.name ?? '',
          attempt: attempt ?? 1,
          ...(failureType === undefined ? {} : { failureType }),
          ...(message === undefined ? {} : { message }),
          ...(pods === undefined ? {} : { pods }),
        };
      },
    ),
  );
}

function named({ target }: Session, tenant: TenantRef): Named {
  return {
    what: `the upgrade of ${tenantName(tenant)}`,
    goOnWith: target.embedded ? command(tenant, 'start') : 'threescale-upgrade worker',
    endedHint: `Nothing was undone. See what is left with: ${command(tenant, 'check')}; go on with: ${command(tenant, 'start')}`,
  };
}
