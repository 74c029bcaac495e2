import type { WorkflowExecutionDescription, WorkflowHandle } from '@temporalio/client';
import {
  QueryNotRegisteredError,
  ServiceError,
  WorkflowFailedError,
  WorkflowNotFoundError,
} from '@temporalio/client';
import { command } from '../domain/decisions.ts';
import type { TenantProgress } from '../domain/progress.ts';
import type { TenantRef } from '../domain/tenant.ts';
import { tenantName } from '../domain/tenant.ts';
import { workflowIdOf } from '../domain/workflow-id.ts';
import type { tenantUpgrade } from '../../workflows/tenant-upgrade.ts';
import { progressQuery } from '../../workflows/messages.ts';
import { CliError } from './cli-error.ts';
import { EXIT } from './exit-codes.ts';
import type { PendingAttempt } from './render/progress.ts';
import type { Session } from './session.ts';

/** How long a worker may take to answer before we say that there is none. */
const ANSWERS_WITHIN_MS = 10_000;

export type Handle = WorkflowHandle<typeof tenantUpgrade>;

export interface Upgrade {
  readonly tenant: TenantRef;
  readonly handle: Handle;
  readonly description: WorkflowExecutionDescription;
}

/** The newest upgrade of a tenant, running or ended; undefined where there never was one. */
export async function findUpgrade({ client }: Session, tenant: TenantRef): Promise<Upgrade | undefined> {
  const handle: Handle = client.workflow.getHandle(workflowIdOf(tenant));
  try {
    return { tenant, handle, description: await handle.describe() };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
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

export const isRunning = ({ description }: Upgrade): boolean => description.status.name === 'RUNNING';

/** Where it stands: its result once it has ended, a worker's answer while it runs. Throws CliError. */
export async function readProgress(session: Session, upgrade: Upgrade): Promise<TenantProgress> {
  const { handle, tenant } = upgrade;
  try {
    if (!isRunning(upgrade)) return await handle.result();
    return await session.client.withDeadline(Date.now() + ANSWERS_WITHIN_MS, () =>
      handle.query(progressQuery),
    );
  } catch (error) {
    if (error instanceof WorkflowFailedError) throw endedFromOutside(tenant, error);
    if (error instanceof ServiceError || error instanceof QueryNotRegisteredError)
      throw noWorker(session, tenant);
    throw error;
  }
}

/** Temporal knows what fails while it is being tried again; the workflow does not. */
export async function pendingAttempts({ handle }: Upgrade): Promise<PendingAttempt[]> {
  const { raw } = await handle.describe();
  return (raw.pendingActivities ?? []).map((activity): PendingAttempt => {
    const failureType = activity.lastFailure?.applicationFailureInfo?.type ?? undefined;
    const message = activity.lastFailure?.message ?? undefined;
    return {
      activity: activity.activityType?.name ?? '',
      attempt: activity.attempt ?? 1,
      ...(failureType === undefined ? {} : { failureType }),
      ...(message === undefined ? {} : { message }),
    };
  });
}

function endedFromOutside(tenant: TenantRef, { cause }: WorkflowFailedError): CliError {
  const why = cause instanceof Error ? cause.message : 'no reason given';
  return new CliError(`the upgrade of ${tenantName(tenant)} was ended from outside: ${why}`, {
    hint: `Nothing was undone. See what is left with: ${command(tenant, 'check')}; go on with: ${command(tenant, 'start')}`,
    exitCode: EXIT.notUpgraded,
  });
}

function noWorker({ target }: Session, tenant: TenantRef): CliError {
  const go = target.embedded ? command(tenant, 'start') : 'threescale-upgrade worker';
  return new CliError(`the upgrade of ${tenantName(tenant)} stands still: no worker answers`, {
    hint: `Nothing is lost. Let it go on with: ${go}`,
    exitCode: EXIT.unreachable,
  });
}
