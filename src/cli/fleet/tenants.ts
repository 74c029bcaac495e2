import { WorkflowNotFoundError } from '@temporalio/client';
import pMap, { pMapIterable } from 'p-map';
import type { TenantLine } from '../../domain/fleet/show/tenant-lines.ts';
import { isLive } from '../../domain/fleet/tenant/states.ts';
import type { TenantProgress } from '../../domain/tenant/progress.ts';
import { workflowIdOf } from '../../domain/tenant/workflow-id.ts';
import { progressQuery } from '../../../workflows/tenant/messages.ts';
import type { tenantUpgrade } from '../../../workflows/tenant/tenant-upgrade.ts';
import type { Io } from '../io.ts';
import { keepReport, keptReport } from '../kept.ts';
import type { Session } from '../session.ts';
import { named } from '../tenant/upgrades.ts';

/** Of tenants' own workflows, asked at once. */
const AT_ONCE = 16;
/** A screen would rather show less than wait. */
const SCREEN_WAITS_MS = 2_000;
const REPORT_WAITS_MS = 20_000;

/** A tenant as its fleet knows it, and as its own newest run does; absent where that is gone or gives no answer. */
export interface TenantDetail {
  readonly line: TenantLine;
  readonly upgrade?: TenantProgress;
  /** It is from the report that was kept as a file: Temporal has none. */
  readonly kept?: true;
  /** Why it is absent: Temporal has its history no more, or nobody has told it. */
  readonly missing?: 'gone' | 'unanswered';
}

/** What these tenants are at right now, by their names; those that give no answer in time are left out. */
export async function readUnderWay(
  session: Session,
  lines: readonly TenantLine[],
): Promise<ReadonlyMap<string, TenantProgress>> {
  const details = await pMap(lines, (line) => detail(session, line, SCREEN_WAITS_MS), {
    concurrency: AT_ONCE,
  });
  return new Map(
    details.flatMap(({ line, upgrade }): [string, TenantProgress][] =>
      upgrade ? [[line.name, upgrade]] : [],
    ),
  );
}

/** One after the other in their order, read ahead of by a few: thousands need not be in memory at once. */
export function tenantDetails(session: Session, lines: readonly TenantLine[]): AsyncIterable<TenantDetail> {
  const read = async (line: TenantLine): Promise<TenantDetail> => {
    const found = await detail(session, line, REPORT_WAITS_MS);
    const { upgrade, kept } = found;
    const runId = line.currentRunId ?? line.runId;
    if (upgrade && runId !== undefined && !kept) await keepReport(session.io, runId, upgrade);
    return found;
  };
  return pMapIterable(lines, read, {
    concurrency: AT_ONCE,
    backpressure: AT_ONCE * 2,
  });
}

/** The same from what is kept as files alone. */
export function keptDetails(io: Pick<Io, 'err'>, lines: readonly TenantLine[]): AsyncIterable<TenantDetail> {
  const read = (line: TenantLine): Promise<TenantDetail> => keptOf(io, line, 'unanswered');
  return pMapIterable(lines, read, { concurrency: AT_ONCE, backpressure: AT_ONCE * 2 });
}

async function keptOf(
  io: Pick<Io, 'err'>,
  line: TenantLine,
  missing: 'gone' | 'unanswered',
): Promise<TenantDetail> {
  const { runId, currentRunId = runId } = line;
  if (currentRunId === undefined) return { line };
  const kept = await keptReport(io, line.tenant, currentRunId);
  return kept ? { line, upgrade: kept.progress, kept: true } : { line, missing };
}

/** Whatever fails here, the fleet's own memory still says how the tenant stands. */
async function detail(session: Session, line: TenantLine, waitsMs: number): Promise<TenantDetail> {
  if (line.runId === undefined) return { line };
  const { client, looks } = session;
  const workflowId = workflowIdOf(line.tenant);
  const { currentRunId = line.runId } = line;
  const handle = client.workflow.getHandle<typeof tenantUpgrade>(workflowId, currentRunId);
  const ask = async (): Promise<TenantProgress> => {
    if (!isLive(line.state)) return handle.result();
    if (!looks) return handle.query(progressQuery);
    return looks.ask(
      { handle, description: await handle.describe() },
      named(session, line.tenant),
      progressQuery,
    );
  };
  try {
    return { line, upgrade: await client.withDeadline(Date.now() + waitsMs, ask) };
  } catch (error) {
    return keptOf(session.io, line, error instanceof WorkflowNotFoundError ? 'gone' : 'unanswered');
  }
}
