import { existsSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { cacheFolder } from '../temporal/dev-server/folders.ts';

/**
 * What Node has compiled once is kept for the next command, in the user's own cache: it starts in half the time. Where
 * nothing can be written, all is compiled anew, without a word; a home folder that is not there is not made. NODE_COMPILE_CACHE names another folder,
 * NODE_DISABLE_COMPILE_CACHE=1 keeps nothing (https://nodejs.org/api/module.html#module-compile-cache).
 */
export function keepCompiled(): void {
  try {
    if (!existsSync(process.env.XDG_CACHE_HOME || homedir())) return;
    enableCompileCache(join(cacheFolder(), 'compiled'));
  } catch {
    // A user without a home folder.
  }
}
