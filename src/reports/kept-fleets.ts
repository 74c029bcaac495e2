import pMap from 'p-map';
import type { FleetResult } from '../domain/fleet/fleet-upgrade.ts';
import { filesByFolder, firstKept, folderName, keepFile, writeFile } from './kept-files.ts';
import type { KeptFile } from './kept-files.ts';
import type { ReportStore } from './report-store.ts';

/** A fleet that has ended, as a file; its tenants' own reports are kept apart (kept-reports.ts). */
export interface KeptFleet {
  readonly version: 1;
  readonly runId: string;
  readonly result: FleetResult;
}

/** Of files that are read at once. */
const AT_ONCE = 16;
const ALL = 'fleet-reports';

const folderOf = (name: string): string => `${ALL}/${folderName(name)}`;

/** Keeps it, where nobody has yet. Throws ReportStoreError. */
export const keepFleet = (store: ReportStore, runId: string, result: FleetResult): Promise<void> =>
  keepFile(store, fileFor(runId, result));

/** The same, whatever was kept of it before: a fleet that was about to end may go on. */
export const writeFleet = (store: ReportStore, runId: string, result: FleetResult): Promise<void> =>
  writeFile(store, fileFor(runId, result));

function fileFor(runId: string, result: FleetResult): KeptFile {
  // One that went on after its end began but once.
  const { name, startedAt, endedAt: at = startedAt } = result.progress;
  const content: KeptFleet = { version: 1, runId, result };
  return { folder: folderOf(name), at, runId, content };
}

/** Whether any is kept of this fleet. Throws ReportStoreError. */
export const hasFleet = async (store: ReportStore, name: string): Promise<boolean> =>
  (await store.list(folderOf(name))).length > 0;

/** The newest that is kept of this fleet. Throws ReportStoreError. */
export async function keptFleet(store: ReportStore, name: string): Promise<FleetResult | undefined> {
  const paths = (await filesByFolder(store, folderOf(name))).get(folderOf(name)) ?? [];
  return (await firstKept(store, paths, isFleet))?.result;
}

/** The newest of each fleet of which any is kept, without those of these names. Throws ReportStoreError. */
export async function newestKeptFleets(
  store: ReportStore,
  without: readonly string[] = [],
): Promise<FleetResult[]> {
  const passedOver = without.map(folderOf);
  const folders = [...(await filesByFolder(store, ALL))].filter(([folder]) => !passedOver.includes(folder));
  const newest = await pMap(folders, ([, paths]) => firstKept(store, paths, isFleet), {
    concurrency: AT_ONCE,
  });
  return newest.flatMap((kept) => kept?.result ?? []);
}

/** False for what is no report that this release can read. */
function isFleet(content: unknown): content is KeptFleet {
  const { version, runId, result } = (content ?? {}) as Partial<KeptFleet>;
  const isOurs = version === 1 && typeof runId === 'string' && typeof result?.progress.startedAt === 'string';
  return isOurs && Array.isArray(result.spec.tenants) && Array.isArray(result.state.entries);
}
