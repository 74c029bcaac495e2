import { execFile } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { keyByContent, removeOldest } from '../by-content.ts';
import { cacheFolder } from '../temporal/dev-server/folders.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** Beside the compiled code, where `npm run build` puts it (build-page.ts). */
const BUILT = fileURLToPath(new URL('../../desk/', import.meta.url));
/** What the page is made of, and what decides of which versions the rest is. */
const INPUTS = [
  'desk',
  'src/domain',
  'src/desk/contract.ts',
  'src/desk/delta.ts',
  'src/cli/render/duration.ts',
  'package-lock.json',
  'node_modules/.package-lock.json',
];
/** Pages of other sources that are kept. */
const KEPT = 6;

/**
 * The folder of the page: index.html, and assets whose names change with their content. `npm run build` has made it; where the
 * sources run it is made once for what they hold, some two seconds, and kept in the cache. Processes that make the same at
 * once do not disturb one another.
 */
export async function pageFolder(): Promise<string> {
  return isSource() ? pageOfSources() : BUILT;
}

/** A checkout has the sources in the place of what is built. */
const isSource = (): boolean => existsSync(join(BUILT, 'vite.config.ts'));

async function pageOfSources(): Promise<string> {
  const folder = join(cacheFolder(), 'desk-pages');
  const kept = join(folder, keyOfSources());
  if (existsSync(join(kept, 'index.html'))) return kept;
  const made = `${kept}.${randomUUID()}`;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  await buildPage(made);
  // Of what was edited meanwhile, nobody knows what it is made of: it is used, and made again the next time.
  if (join(folder, keyOfSources()) !== kept) return made;
  try {
    renameSync(made, kept);
  } catch {
    // Another process was faster, and has made the same.
    rmSync(made, { recursive: true, force: true });
  }
  removeOldest(folder, KEPT);
  return kept;
}

/** In a process of its own, which takes the builder's memory with it: whoever serves the page goes on for weeks. */
async function buildPage(folder: string): Promise<void> {
  await promisify(execFile)(process.execPath, [join(ROOT, 'src/desk/build-page.ts'), folder], {
    env: { ...process.env, NODE_OPTIONS: '' },
  });
}

const keyOfSources = (): string => keyByContent(createHash('sha256'), INPUTS);
