import { Context } from '@temporalio/activity';
import type { FleetResult } from '../src/domain/fleet/fleet-upgrade.ts';
import type { TenantProgress } from '../src/domain/tenant/progress.ts';
import { reportStore } from '../src/reports/find-store.ts';
import { writeFleet } from '../src/reports/kept-fleets.ts';
import { writeReport } from '../src/reports/kept-reports.ts';
import { refuseUnlessOwnReport } from './permitted.ts';

/**
 * Keeps the report of the workflow that calls it, which is about to end. It is asked for it, so that history does not hold it once
 * more. Each answers with the place where it is kept, or with null where nothing is, and throws ReportStoreError.
 * Idempotent: a run has one file.
 */
export interface ReportActivities {
  keepTenantReport(): Promise<string | null>;
  keepFleetReport(): Promise<string | null>;
}

export function createReportActivities(): ReportActivities {
  return {
    async keepTenantReport() {
      const store = reportStore();
      const { place } = store;
      if (place === undefined) return null;
      const { workflowId, runId, answer } = await askCaller<TenantProgress>('report');
      refuseUnlessOwnReport({ tenant: answer.tenant }, workflowId);
      await writeReport(store, runId, { ...answer, reportKept: { place } });
      return place;
    },

    async keepFleetReport() {
      const store = reportStore();
      const { place } = store;
      if (place === undefined) return null;
      const { workflowId, runId, answer } = await askCaller<FleetResult>('fleetResult');
      refuseUnlessOwnReport({ fleet: answer.progress.name }, workflowId);
      const progress = { ...answer.progress, reportKept: { place } };
      await writeFleet(store, runId, { ...answer, progress });
      return place;
    },
  };
}

interface Answered<T> {
  readonly workflowId: string;
  readonly runId: string;
  readonly answer: T;
}

async function askCaller<T>(query: string): Promise<Answered<T>> {
  const { client, info } = Context.current();
  const { workflowId = '', runId = '' } = info.workflowExecution ?? {};
  return { workflowId, runId, answer: await client.workflow.getHandle(workflowId, runId).query<T>(query) };
}
