import type { TenantProgress } from '../domain/tenant/progress.ts';
import type { TenantRef } from '../domain/tenant/tenant.ts';
import { workflowIdOf } from '../domain/tenant/workflow-id.ts';
import { describeExecution, listExecutions } from '../temporal/executions.ts';
import type { Execution } from '../temporal/executions.ts';
import { EncryptionError } from '../temporal/codec/encryption-error.ts';
import type { tenantUpgrade } from '../../workflows/tenant/tenant-upgrade.ts';
import { planFileOf } from './begin.ts';
import type { CliError } from './cli-error.ts';
import { isRunning } from './found.ts';
import type { KeptReport } from '../reports/kept-reports.ts';
import { keptReport, keptReports } from './kept.ts';
import type { Known } from './known-of.ts';
import { knownFrom } from './known-of.ts';
import type { Io } from './io.ts';
import type { Session } from './session.ts';
import { attemptsUnderWay, noUpgrade, readLeft, readProgress } from './tenant/upgrades.ts';
import type { Upgrade } from './tenant/upgrades.ts';
import { findWorkflow, NoWorker } from './workflows.ts';

/** One run of a tenant's upgrade: where it stands, or stood when it ended. */
export interface Shown {
  readonly progress: TenantProgress;
  /** That it stands still, as lines. */
  readonly still?: string;
  /** How it was ended from outside. */
  readonly left?: CliError;
  /** It is from the report that was kept as a file: of newer runs it knows nothing. */
  readonly kept?: true;
  /** Hash of the plan file that it was started by; absent where it was by none, or Temporal does not have it any more. */
  readonly planFile?: string;
  /** In which attempt steps are that are being tried again, by their titles. */
  readonly again?: () => Promise<ReadonlyMap<string, number>>;
}

/** Nobody can read it here; the error says why. */
export interface Unread {
  readonly known: Known;
  readonly error: CliError | EncryptionError;
}

/** Of a tenant, in Temporal or kept as a file. */
export interface Run {
  readonly runId: string;
  readonly startedAt: string;
  readonly read: () => Promise<Shown | Unread>;
}

/** Those of a tenant, newest first. Without a session: those that are kept as files. */
export async function runsOf(
  session: Session | undefined,
  { io, tenant }: { readonly io: Io; readonly tenant: TenantRef },
): Promise<Run[]> {
  const kept = await keptReports(io, tenant);
  const executions = session ? await executionsOf(session, tenant) : [];
  const there = new Set(executions.map(({ runId }) => runId));
  return [
    ...executions.flatMap((execution) => (session ? [runOf(session, tenant, execution)] : [])),
    ...kept.filter(({ runId }) => !there.has(runId)).map(fileRun),
  ].sort((one, other) => other.startedAt.localeCompare(one.startedAt));
}

/** Temporal's list may lag behind: the newest run is asked for besides. */
async function executionsOf({ client }: Session, tenant: TenantRef): Promise<Execution[]> {
  const workflowId = workflowIdOf(tenant);
  const found = new Map<string, Execution>();
  const newest = await describeExecution(client, workflowId);
  if (newest) found.set(newest.runId, newest);
  for await (const execution of listExecutions(client, `WorkflowId = ${JSON.stringify(workflowId)}`))
    if (!found.has(execution.runId)) found.set(execution.runId, execution);
  return [...found.values()];
}

export function runOf(session: Session, tenant: TenantRef, execution: Execution): Run {
  const { runId, startedAt } = execution;
  const read = async (): Promise<Shown | Unread> => {
    try {
      return await readRun(session, tenant, runId);
    } catch (error) {
      if (!(error instanceof NoWorker) && !(error instanceof EncryptionError)) throw error;
      // What was kept is whole, whatever has become of keys and releases since.
      const file = await keptReport(session.io, tenant, runId);
      if (file) return { progress: file.progress, kept: true };
      return { known: knownFrom(execution, tenant, error.message), error };
    }
  };
  return { runId, startedAt, read };
}

/** Throws CliError, or EncryptionError where a key is missing. */
async function readRun(session: Session, tenant: TenantRef, runId: string): Promise<Shown> {
  const found = await findWorkflow<typeof tenantUpgrade>(session, workflowIdOf(tenant), runId);
  if (!found) throw await noUpgrade(tenant, ` on ${session.target.address}`);
  return readUpgrade(session, { tenant, ...found });
}

/** Throws CliError, or EncryptionError where a key is missing. */
export async function readUpgrade(session: Session, upgrade: Upgrade): Promise<Shown> {
  const left = await readLeft(session, upgrade);
  const hash = planFileOf(upgrade);
  const planFile = hash === undefined ? {} : { planFile: hash };
  if (left) return { progress: left.progress, left: left.error, ...planFile };
  const progress = await readProgress(session, upgrade);
  const still = isRunning(upgrade) ? session.looks?.told(upgrade.description.workflowId) : undefined;
  const again = isRunning(upgrade) ? { again: () => attemptsUnderWay(session, upgrade) } : {};
  return { progress, ...(still === undefined ? {} : { still }), ...again, ...planFile };
}

const fileRun = ({ runId, progress }: KeptReport): Run => ({
  runId,
  startedAt: progress.startedAt,
  read: () => Promise.resolve({ progress, kept: true }),
});

export function isUnread(seen: Shown | Unread): seen is Unread {
  return 'known' in seen;
}
