import pMap from 'p-map';
import { foundAllDone } from '../domain/tenant/found-done.ts';
import type { TenantProgress } from '../domain/tenant/progress.ts';
import { isFinal } from '../domain/tenant/progress.ts';
import type { TenantRef } from '../domain/tenant/tenant.ts';
import { filesByFolder, fileOf, firstKept, folderName, keepFile, readKept, writeFile } from './kept-files.ts';
import type { KeptFile } from './kept-files.ts';
import type { ReportStore } from './report-store.ts';

/** A report as a file: it outlives what Temporal keeps. It holds what the upgrade has told, and no more. */
export interface KeptReport {
  readonly version: 1;
  readonly runId: string;
  readonly progress: TenantProgress;
}

type Tenant = Pick<TenantRef, 'cluster' | 'namespace'>;

/** Of files that are read at once. */
const AT_ONCE = 16;
const ALL = 'reports';

const folderOf = ({ cluster, namespace }: Tenant): string =>
  `${ALL}/${folderName(cluster)}/${folderName(namespace)}`;

/** Whether there is something to keep: an upgrade that has ended, and did not find everything done. */
const isWorthKeeping = (progress: TenantProgress): boolean =>
  isFinal(progress.state) && !foundAllDone(progress);

/** Keeps the report of an upgrade that has ended, where nobody has yet. Throws ReportStoreError. */
export async function keepReport(store: ReportStore, runId: string, progress: TenantProgress): Promise<void> {
  if (isWorthKeeping(progress)) await keepFile(store, fileFor(runId, progress));
}

/** The same, whatever was kept of it before. */
export async function writeReport(
  store: ReportStore,
  runId: string,
  progress: TenantProgress,
): Promise<void> {
  if (isWorthKeeping(progress)) await writeFile(store, fileFor(runId, progress));
}

function fileFor(runId: string, progress: TenantProgress): KeptFile {
  const { startedAt, tenant } = progress;
  const content: KeptReport = { version: 1, runId, progress };
  return { folder: folderOf(tenant), at: startedAt, runId, content };
}

/** Those of a tenant, newest first. Throws ReportStoreError. */
export async function keptReports(store: ReportStore, tenant: Tenant): Promise<KeptReport[]> {
  const paths = (await filesByFolder(store, folderOf(tenant))).get(folderOf(tenant)) ?? [];
  const reports = await pMap(paths, (path) => readKept(store, path, isReport), { concurrency: AT_ONCE });
  return reports.filter((report) => report !== undefined);
}

/** That of one run. Throws ReportStoreError. */
export async function keptReport(
  store: ReportStore,
  tenant: Tenant,
  runId: string,
): Promise<KeptReport | undefined> {
  const path = await fileOf(store, { folder: folderOf(tenant), runId });
  return path === undefined ? undefined : readKept(store, path, isReport);
}

/** Whether any is kept of it. Throws ReportStoreError. */
export const hasReports = async (store: ReportStore, tenant: Tenant): Promise<boolean> =>
  (await store.list(folderOf(tenant))).length > 0;

/** The newest of each tenant of which any is kept. Throws ReportStoreError. */
export async function newestKept(store: ReportStore): Promise<KeptReport[]> {
  const folders = [...(await filesByFolder(store, ALL)).values()];
  const newest = await pMap(folders, (paths) => firstKept(store, paths, isReport), { concurrency: AT_ONCE });
  return newest.filter((report) => report !== undefined);
}

/** False for what is no report that this release can read. */
function isReport(content: unknown): content is KeptReport {
  const { version, runId, progress } = (content ?? {}) as Partial<KeptReport>;
  const isOurs = version === 1 && typeof runId === 'string' && typeof progress?.startedAt === 'string';
  return isOurs && Array.isArray(progress.steps);
}
