import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { foundAllDone } from '../domain/found-done.ts';
import type { TenantProgress } from '../domain/progress.ts';
import { isFinal } from '../domain/progress.ts';
import type { TenantRef } from '../domain/tenant.ts';
import { stateFolder } from '../temporal/folders.ts';
import type { Io } from './io.ts';

/** A report as a file beside the state: it outlives what Temporal keeps. It holds what the upgrade has told, and no more. */
export interface KeptReport {
  readonly version: 1;
  readonly runId: string;
  readonly progress: TenantProgress;
}

/** A cluster's identity is a host with a port; on no system is anything else of it a name of a folder. */
const folderOf = ({ cluster, namespace }: Pick<TenantRef, 'cluster' | 'namespace'>): string =>
  join(stateFolder(), 'reports', encodeURIComponent(cluster).replaceAll('.', '%2E'), namespace);

/**
 * Keeps the report of an upgrade that has ended, for this user only; once it is kept, it stays as it is. A run that found
 * everything done is none.
 */
export function keepReport({ err }: Pick<Io, 'err'>, runId: string, progress: TenantProgress): void {
  if (!isFinal(progress.state) || foundAllDone(progress)) return;
  const folder = folderOf(progress.tenant);
  const file = join(folder, `${progress.startedAt.replaceAll(':', '')}-${runId}.json`);
  const report: KeptReport = { version: 1, runId, progress };
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (readdirSync(folder).some((name) => name.endsWith(`-${runId}.json`))) return;
    const written = `${file}.${process.pid}`;
    writeFileSync(written, `${JSON.stringify(report, undefined, 2)}\n`, { mode: 0o600 });
    renameSync(written, file);
  } catch (error) {
    const { code = 'no reason given' } = error as NodeJS.ErrnoException;
    err(`warning: the report cannot be kept as ${file}: ${code}; Temporal keeps it for its retention only`);
  }
}

/** Those of a tenant, newest first. */
export const keptReports = (tenant: TenantRef): KeptReport[] => reportsIn(folderOf(tenant));

/** The newest of each tenant of which any is kept. */
export function newestKept(): KeptReport[] {
  const root = join(stateFolder(), 'reports');
  return foldersIn(root)
    .flatMap((cluster) => foldersIn(join(root, cluster)).map((namespace) => join(root, cluster, namespace)))
    .flatMap((folder) => reportsIn(folder).slice(0, 1));
}

function reportsIn(folder: string): KeptReport[] {
  return namesIn(folder)
    .filter((name) => name.endsWith('.json'))
    .flatMap((name) => readKept(join(folder, name)) ?? [])
    .sort((one, other) => other.progress.startedAt.localeCompare(one.progress.startedAt));
}

const foldersIn = (folder: string): string[] => namesIn(folder).filter((name) => !name.endsWith('.json'));

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Undefined for what is no report that this release can read. */
function readKept(file: string): KeptReport | undefined {
  try {
    const { version, runId, progress } = JSON.parse(readFileSync(file, 'utf8')) as Partial<KeptReport>;
    const isOurs = version === 1 && typeof runId === 'string' && typeof progress?.startedAt === 'string';
    return isOurs && Array.isArray(progress.steps) ? { version, runId, progress } : undefined;
  } catch {
    return undefined;
  }
}
