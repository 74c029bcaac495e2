import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import type { PATHS, resolvePath } from '../../src/domain/paths/index.ts';
import { removeAtEnd } from '../arena/children.ts';
import type { Mutation } from './mutate.ts';
import { mutate } from './mutate.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const FOLDERS = ['src', 'activities', 'workflows', 'simulator'];

export interface Paths {
  readonly PATHS: typeof PATHS;
  readonly resolvePath: typeof resolvePath;
}

/** A copy of the product that worker processes run: never the sources themselves. */
export interface Build {
  readonly folder: string;
  /** What `node` is given to run the command line. */
  readonly main: string;
  /** Its own paths, planted bugs and all: who starts an upgrade and who carries it out have the same. */
  readonly paths: Paths;
  /** Where compiled code is kept from one process to the next. */
  readonly compileCache: string;
  remove(): void;
}

/**
 * Copies the sources without their types, with these mutations, and bundles the workflows once: about a second, and
 * every worker starts without either. Throws where a mutation does not fit the sources any more.
 */
export async function buildProduct(mutations: readonly Mutation[] = []): Promise<Build> {
  const folder = removeAtEnd(mkdtempSync(join(tmpdir(), 'threescale-torture-build-')));
  const left = new Set(mutations);
  for (const file of FOLDERS.flatMap(filesIn)) {
    const source = join(ROOT, file);
    if (file.endsWith('.json')) write(join(folder, file), readFileSync(source, 'utf8'));
    if (!file.endsWith('.ts')) continue;
    const own = mutations.filter((mutation) => mutation.file === file);
    const text = own.reduce(mutate, readFileSync(source, 'utf8'));
    for (const mutation of own) left.delete(mutation);
    write(join(folder, file.replace(/\.ts$/, '.js')), withoutTypes(text));
  }
  for (const { file } of left) throw new Error(`planted bug: there is no file ${file}`);
  cpSync(join(ROOT, 'package.json'), join(folder, 'package.json'));
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  const { code } = await bundleWorkflowCode({
    workflowsPath: join(folder, 'workflows/index.js'),
    logger: new DefaultLogger('ERROR'),
  });
  writeFileSync(join(folder, 'workflow-bundle.js'), code);
  return {
    folder,
    main: join(folder, 'src/cli/main.js'),
    paths: (await import(pathToFileURL(join(folder, 'src/domain/paths/index.js')).href)) as Paths,
    compileCache: join(folder, 'compile-cache'),
    remove: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Throws, naming it, where a mutation does not fit the sources of today. */
export function checkFits(mutations: readonly Mutation[]): void {
  for (const mutation of mutations) mutate(readFileSync(join(ROOT, mutation.file), 'utf8'), mutation);
}

function filesIn(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((name) =>
    join(folder, name),
  );
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function withoutTypes(text: string): string {
  return stripTypeScriptTypes(text).replaceAll(/((?:from|import)\s*\(?\s*'\.[^']*)\.ts'/g, "$1.js'");
}
