import type { ReportStore } from './report-store.ts';

/** Of one run, as a file. */
export interface KeptFile {
  readonly folder: string;
  /** ISO: by it those of one folder are in their order. */
  readonly at: string;
  readonly runId: string;
  readonly content: unknown;
}

/** Keeps it: where something is kept of this run already, that stays. Throws ReportStoreError. */
export async function keepFile(store: ReportStore, kept: KeptFile): Promise<void> {
  if ((await fileOf(store, kept)) === undefined) await writeFile(store, kept);
}

/** Keeps it in the place of what is kept of this run. Throws ReportStoreError. */
export async function writeFile(store: ReportStore, { folder, at, runId, content }: KeptFile): Promise<void> {
  const path = `${folder}/${at.replaceAll(':', '')}-${runId}.json`;
  await store.write(path, `${JSON.stringify(content, undefined, 2)}\n`);
}

/** The file of this run. */
export async function fileOf(
  store: ReportStore,
  { folder, runId }: Pick<KeptFile, 'folder' | 'runId'>,
): Promise<string | undefined> {
  return (await store.list(folder)).find((path) => path.endsWith(`-${runId}.json`));
}

/** A name as that of a folder: on no system is anything of it a path. */
export const folderName = (name: string): string => encodeURIComponent(name).replaceAll('.', '%2E');

/** All that is kept in this folder and those in it, the newest of each first; by its folder. */
export async function filesByFolder(store: ReportStore, folder: string): Promise<Map<string, string[]>> {
  const paths = (await store.list(folder)).filter((path) => path.endsWith('.json')).toSorted();
  return Map.groupBy(paths.reverse(), (path) => path.slice(0, path.lastIndexOf('/')));
}

/** Undefined where it is none that this release can read. */
export async function readKept<T>(
  store: ReportStore,
  path: string,
  isOurs: (content: unknown) => content is T,
): Promise<T | undefined> {
  const text = await store.read(path);
  try {
    const content: unknown = JSON.parse(text ?? '');
    return isOurs(content) ? content : undefined;
  } catch {
    return undefined;
  }
}

/** The first of these that this release can read. */
export async function firstKept<T>(
  store: ReportStore,
  paths: readonly string[],
  isOurs: (content: unknown) => content is T,
): Promise<T | undefined> {
  for (const path of paths) {
    const kept = await readKept(store, path, isOurs);
    if (kept) return kept;
  }
  return undefined;
}
