import { join } from 'node:path';
import { foundAllDone } from '../domain/found-done.ts';
import type { TenantProgress } from '../domain/progress.ts';
import { isFinal } from '../domain/progress.ts';
import type { TenantRef } from '../domain/tenant.ts';
import { stateFolder } from '../temporal/folders.ts';
import type { Io } from './io.ts';
import { folderName, keepFile, keptIn, namesIn } from './kept-files.ts';

/** A report as a file beside the state: it outlives what Temporal keeps. It holds what the upgrade has told, and no more. */
export interface KeptReport {
  readonly version: 1;
  readonly runId: string;
  readonly progress: TenantProgress;
}

const reportsFolder = (): string => join(stateFolder(), 'reports');

const folderOf = ({ cluster, namespace }: Pick<TenantRef, 'cluster' | 'namespace'>): string =>
  join(reportsFolder(), folderName(cluster), namespace);

/** Keeps the report of an upgrade that has ended. A run that found everything done is none. */
export function keepReport(io: Pick<Io, 'err'>, runId: string, progress: TenantProgress): void {
  if (!isFinal(progress.state) || foundAllDone(progress)) return;
  const { startedAt, tenant } = progress;
  const content: KeptReport = { version: 1, runId, progress };
  keepFile(io, { folder: folderOf(tenant), startedAt, runId, content });
}

/** Those of a tenant, newest first. */
export const keptReports = (tenant: TenantRef): KeptReport[] => reportsIn(folderOf(tenant));

/** The newest of each tenant of which any is kept. */
export function newestKept(): KeptReport[] {
  const root = reportsFolder();
  return namesIn(root)
    .flatMap((cluster) => namesIn(join(root, cluster)).map((namespace) => join(root, cluster, namespace)))
    .flatMap((folder) => reportsIn(folder).slice(0, 1));
}

const reportsIn = (folder: string): KeptReport[] =>
  keptIn(folder)
    .filter(isReport)
    .sort((one, other) => other.progress.startedAt.localeCompare(one.progress.startedAt));

/** False for what is no report that this release can read. */
function isReport(content: unknown): content is KeptReport {
  const { version, runId, progress } = (content ?? {}) as Partial<KeptReport>;
  const isOurs = version === 1 && typeof runId === 'string' && typeof progress?.startedAt === 'string';
  return isOurs && Array.isArray(progress.steps);
}
