import { constants } from 'node:fs';
import { access, mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import type { ReportStore } from './report-store.ts';
import { ReportStoreError } from './report-store.ts';

/**
 * `isPrivate`: for this user only, as what lies beside the state; a folder that somebody has named is for whom the umask and
 * its own rights let read it.
 */
export function folderStore(
  root: string,
  { isPrivate = false }: { readonly isPrivate?: boolean } = {},
): ReportStore {
  return {
    place: root,

    check() {
      return refusing(root, async () => {
        await mkdir(root, { recursive: true, ...(isPrivate ? { mode: 0o700 } : {}) });
        await access(root, constants.W_OK);
      });
    },

    async list(folder) {
      const entries = await orAbsent(root, () =>
        readdir(join(root, folder), { recursive: true, withFileTypes: true }),
      );
      return (entries ?? [])
        .filter((entry) => entry.isFile())
        .map(({ parentPath, name }) => relative(root, join(parentPath, name)).split(sep).join('/'));
    },

    read(path) {
      return orAbsent(root, () => readFile(join(root, path), 'utf8'));
    },

    async write(path, text) {
      const file = join(root, path);
      const written = `${file}.${process.pid}`;
      await refusing(root, async () => {
        await mkdir(dirname(file), { recursive: true, ...(isPrivate ? { mode: 0o700 } : {}) });
        await writeFile(written, text, isPrivate ? { mode: 0o600 } : {});
        await rename(written, file);
      });
    },
  };
}

const ABSENT = new Set(['ENOENT', 'ENOTDIR']);

async function orAbsent<T>(root: string, read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (ABSENT.has(codeOf(error))) return undefined;
    throw refused(root, error);
  }
}

async function refusing(root: string, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    throw refused(root, error);
  }
}

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? 'no reason given';

const refused = (root: string, error: unknown): ReportStoreError =>
  new ReportStoreError(`the folder ${root} refuses: ${codeOf(error)}`, { cause: error });
