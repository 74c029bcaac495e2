import { readFileSync } from 'node:fs';
import { registerHooks, stripTypeScriptTypes } from 'node:module';
import { fileURLToPath } from 'node:url';

const ROOT = new URL('../../../', import.meta.url).href;
const PACKAGES = `${ROOT}node_modules/`;

let run = 0;
const loaded = new Set<string>();

/** What is imported from here on begins with modules of its own; those of packages are shared. */
export function nextRun(): void {
  run += 1;
  loaded.clear();
}

/** True where this run has loaded the source of this path. */
export const hasLoaded = (path: string): boolean => loaded.has(ROOT + path);

/** Once per process. The sources are read once: one who edits them meanwhile is not seen. */
export function loadSourcesAnew(): void {
  const known = new Map<string, string>();
  registerHooks({
    resolve: (specifier, context, next) => {
      const found = next(specifier, context);
      // It ends as it would otherwise, too: some look whether the sources run.
      return isSource(found.url) ? { ...found, url: `${found.url}?run=${run}.ts` } : found;
    },
    load: (url, context, next) => {
      const [file = ''] = url.split('?');
      if (!isSource(file)) return next(url, context);
      loaded.add(file);
      const source = known.get(file) ?? stripTypeScriptTypes(readFileSync(fileURLToPath(file), 'utf8'));
      known.set(file, source);
      return { format: 'module', source, shortCircuit: true };
    },
  });
}

const isSource = (url: string): boolean =>
  url.startsWith(ROOT) && !url.startsWith(PACKAGES) && url.endsWith('.ts');
