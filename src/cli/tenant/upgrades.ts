import type { WorkflowHandle } from '@temporalio/client';
import { command } from '../../domain/tenant/decisions.ts';
import type { TenantProgress } from '../../domain/tenant/progress.ts';
import type { TenantRef } from '../../domain/tenant/tenant.ts';
import { tenantName } from '../../domain/tenant/tenant.ts';
import { workflowIdOf } from '../../domain/tenant/workflow-id.ts';
import type { tenantUpgrade } from '../../../workflows/tenant/tenant-upgrade.ts';
import { progressQuery } from '../../../workflows/tenant/messages.ts';
import { momentOf } from '../../temporal/executions.ts';
import { failureMessage } from '../../temporal/failure-message.ts';
import { summariesOf } from '../../temporal/summaries.ts';
import { podsIn } from '../../temporal/heartbeat-pods.ts';
import { CliError } from '../cli-error.ts';
import { EXIT } from '../exit-codes.ts';
import { hasReports, keepReport } from '../kept.ts';
import type { PendingAttempt } from './render/progress.ts';
import type { Session } from '../session.ts';
import type { Found, NamedWith } from '../found.ts';
import { isEndedFromOutside, isRunning } from '../found.ts';
import { answer, findWorkflow, NoWorker } from '../workflows.ts';

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
  throw await noUpgrade(tenant, ` on ${session.target.address}`);
}

/** `where`: which Temporal was asked; reports of earlier ones may be kept as files. */
export async function noUpgrade(tenant: TenantRef, where = ''): Promise<CliError> {
  const isKept = await hasReports(tenant);
  const kept = isKept ? `See what is kept of earlier ones: ${command(tenant, 'report')}\n` : '';
  return new CliError(`there is no upgrade of ${tenantName(tenant)}${where}`, {
    hint: `${kept}Start it with: ${command(tenant, 'start')}`,
    exitCode: EXIT.refused,
  });
}

/**
 * Where it stands: its result once it has ended, a worker's answer while it runs; for whoever only looks also what Temporal's
 * history tells. Throws CliError.
 */
export async function readProgress(session: Session, upgrade: Upgrade): Promise<TenantProgress> {
  const about = named(session, upgrade.tenant);
  if (!isRunning(upgrade)) return readEnd(session, upgrade);
  try {
    const progress = session.looks
      ? await session.looks.ask(upgrade, about, progressQuery)
      : await answer(session, about, () => upgrade.handle.query(progressQuery));
    await keepReport(session.io, upgrade.description.runId, progress);
    return progress;
  } catch (error) {
    if (!(error instanceof NoWorker)) throw error;
    // Whoever carried it to its end has ended too: then there is a result.
    const now = await findRun(session, upgrade);
    if (!now || isRunning(now)) throw error;
    return readEnd(session, now);
  }
}

/** Whoever sees the end keeps the report of it. */
async function readEnd(session: Session, { tenant, handle, description }: Upgrade): Promise<TenantProgress> {
  const progress = await answer(session, named(session, tenant), () => handle.result());
  await keepReport(session.io, description.runId, progress);
  return progress;
}

/** Where one that was ended from outside stood then; undefined for one that runs, or has ended by itself. */
export async function readLeft(session: Session, upgrade: Upgrade): Promise<Left | undefined> {
  if (!isEndedFromOutside(upgrade)) return undefined;
  const about = named(session, upgrade.tenant);
  const error = await readEnd(session, upgrade).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof CliError) || !session.looks) return undefined;
  return { progress: await session.looks.ask(upgrade, about, progressQuery), error };
}

/** An upgrade that was ended from outside, as it was left. */
export interface Left {
  readonly progress: TenantProgress;
  /** Says how. */
  readonly error: CliError;
}

/** The same run as it is now, or the one that a reset has put in its place. */
export async function findRun(
  session: Session,
  { tenant, description }: Upgrade,
): Promise<Upgrade | undefined> {
  const { workflowId, runId } = description;
  const same = await findWorkflow<typeof tenantUpgrade>(session, workflowId, runId);
  if (same && same.description.status.name !== 'TERMINATED') return { tenant, ...same };
  return findUpgrade(session, tenant);
}

/** Temporal knows what fails while it is being tried again; the workflow does not. */
export async function pendingAttempts({ client }: Session, { handle }: Upgrade): Promise<PendingAttempt[]> {
  const { raw } = await handle.describe();
  return Promise.all(
    (raw.pendingActivities ?? []).map(
      async ({ activityType, activityId, attempt, ...last }): Promise<PendingAttempt> => {
        const { lastFailure, heartbeatDetails, lastAttemptCompleteTime, lastStartedTime } = last;
        // Of one that is too large Temporal keeps the type and the message, as the cause of its own words.
        const failure = lastFailure?.serverFailureInfo ? (lastFailure.cause ?? lastFailure) : lastFailure;
        const failureType = failure?.applicationFailureInfo?.type ?? undefined;
        const pods = await podsIn(client, heartbeatDetails);
        const message = failure ? await failureMessage(client, failure) : undefined;
        // When the attempt failed that this is about; a server that does not say knows when one began last.
        const failedAt = lastAttemptCompleteTime ?? lastStartedTime;
        return {
          activity: activityType?.name ?? '',
          id: activityId ?? '',
          attempt: attempt ?? 1,
          ...(failedAt ? { at: momentOf(failedAt) } : {}),
          ...(failureType === undefined ? {} : { failureType }),
          ...(message === undefined ? {} : { message }),
          ...(pods === undefined ? {} : { pods }),
        };
      },
    ),
  );
}

/** In which attempt the steps are that are being tried again, by their titles: the workflow counts what has ended only. */
export async function attemptsUnderWay(
  session: Session,
  upgrade: Upgrade,
): Promise<ReadonlyMap<string, number>> {
  const again = (await pendingAttempts(session, upgrade)).filter(({ attempt }) => attempt > 1);
  if (again.length === 0) return new Map();
  const titles = await summariesOf(session.client, await upgrade.handle.fetchHistory());
  return new Map(again.map(({ id = '', attempt }) => [titles.get(id) ?? '', attempt]));
}

/** What a person is told of a tenant's upgrade that gives no answer. */
export function named({ target }: Session, tenant: TenantRef): NamedWith<TenantProgress> {
  return {
    // The command that says what is decided brings a worker along.
    waitsFor: ({ held }) =>
      held && target.embedded
        ? 'It is held, and needs a decision; the command that says it needs no worker, and with --watch carries it out.'
        : undefined,
    what: `the upgrade of ${tenantName(tenant)}`,
    goOnWith: target.embedded ? command(tenant, 'start') : 'threescale-upgrade worker',
    lookWith: command(tenant, 'status'),
    endedHint: `Nothing was undone. See what is left with: ${command(tenant, 'check')}; go on with: ${command(tenant, 'start')}`,
  };
}
