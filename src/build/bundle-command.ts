/** Part of `npm run build`: the command as it is packed, in a hundred files where its sources and packages have two thousand. */
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { OutputChunk } from 'rolldown';
import { rolldown } from 'rolldown';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/**
 * Packages of many small files, which take most of a command's start: `check` loads 1,656 modules, of them 868 of
 * @kubernetes/client-node for two names (docs/benchmarks.md). What they import is put in with them; every other package is
 * loaded as it is installed.
 */
const PUT_IN = [
  '@kubernetes/client-node',
  'undici',
  'zod',
  'yaml',
  'cron-parser',
  'luxon',
  'commander',
  'ws',
];
/** The same objects must be those that Temporal's packages have. */
const NEVER_PUT_IN = /^(?:@temporalio\/|protobufjs$|long$)/;

/** Named by their paths: by the launcher in bin/, by commands that start one another, and by Temporal's SDK. */
const ENTRIES = ['src/cli/main', 'src/cli/completion/main', 'src/temporal/codec/encoded-failures'];
/** Where all else lies. */
const BUNDLED = 'bundled';

export async function bundleCommand(folder: string): Promise<void> {
  const bundle = await rolldown({
    cwd: ROOT,
    input: Object.fromEntries(ENTRIES.map((path) => [path, join(ROOT, `${path}.ts`)])),
    platform: 'node',
    external: (name, importer) => isLeftOut(name, importer),
    // Of @kubernetes/client-node what is used: its models of 800 kinds of objects are not.
    treeshake: { moduleSideEffects: (path) => !/\/client-node\/dist\/(?!polyfill)/.test(path) },
    plugins: [{ name: 'module-urls', transform: withItsOwnUrl }],
  });
  const { output } = await bundle.write({
    dir: folder,
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: `${BUNDLED}/[name]-[hash].js`,
    comments: { legal: true },
  });
  const chunks = output.filter((made) => made.type === 'chunk');
  const misplaced = chunks.find(({ isEntry, code }) => isEntry && code.includes('import.meta.url'));
  if (misplaced)
    throw new Error(`${misplaced.fileName} asks where it lies, and lies elsewhere than what it is made of`);
  writeFileSync(join(folder, 'THIRD-PARTY-LICENSES'), licencesOf(chunks));
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify({ type: 'module' })}\n`);
}

/** A module of ours that asks where it lies is told where it would lie were it not bundled. */
function withItsOwnUrl(code: string, path: string): string | undefined {
  const own = relative(ROOT, path);
  if (!path.startsWith(ROOT) || own.startsWith('node_modules') || !code.includes('import.meta.url'))
    return undefined;
  const unbundled = JSON.stringify(`../${own.replace(/\.ts$/, '.js')}`);
  return code.replaceAll('import.meta.url', `new URL(${unbundled}, import.meta.url).href`);
}

function isLeftOut(name: string, importer: string | undefined): boolean {
  if (/^[./]/.test(name)) return false;
  if (NEVER_PUT_IN.test(name)) return true;
  // What a package that is put in needs itself: it may be installed nowhere but below it.
  if (importer?.includes('/node_modules/')) return false;
  return !PUT_IN.some((one) => name === one || name.startsWith(`${one}/`));
}

/** The licence of each package of which something is in these files, as they ask for. */
function licencesOf(chunks: readonly OutputChunk[]): string {
  const folders = new Set(
    chunks.flatMap(({ moduleIds }) => moduleIds.flatMap((path) => packageOf(path) ?? [])),
  );
  return [...folders]
    .sort()
    .map(licenceOf)
    .join(`\n${'-'.repeat(80)}\n\n`);
}

function packageOf(path: string): string | undefined {
  return /^\/?.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0];
}

function licenceOf(folder: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    readonly name: string;
    readonly version: string;
    readonly license?: string;
  };
  const texts = globSync('{LICEN[CS]E,licen[cs]e,NOTICE}{,.md,.txt,-MIT}', { cwd: folder }).sort();
  if (texts.length === 0 && license === undefined) throw new Error(`${name} has no licence`);
  return [
    `${name} ${version} (${license ?? 'see below'})`,
    ...texts.map((text) => readFileSync(join(folder, text), 'utf8').trim()),
  ].join('\n\n');
}
