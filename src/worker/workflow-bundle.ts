import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode } from '@temporalio/worker';
import { keyByContent, removeOldest } from '../by-content.ts';
import { ENCODED_FAILURES } from '../temporal/codec/data-converter.ts';
import { cacheFolder } from '../temporal/dev-server/folders.ts';
import { plainLogger } from './plain-logger.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const WORKFLOWS = join(ROOT, 'workflows/index.ts');
/** Bundled with every module of workflows. */
const INTERCEPTORS = join(ROOT, 'workflows/interceptors.ts');
const LOOKING = join(ROOT, 'workflows/tenant/looking.ts');
/** What workflow code may import from, and what decides of which versions the rest is. */
const INPUTS = [
  'workflows',
  'activities',
  'src',
  'package.json',
  'package-lock.json',
  // What npm has installed, which may be older than what is to be.
  'node_modules/.package-lock.json',
];
/** Bundles of other sources that are kept: some branches, plain and encrypting. */
const KEPT = 12;

/** `encrypts`: as workers have it whose payloads are encrypted; how workflows write failures is part of the bundle. */
export interface BundleOptions {
  readonly encrypts: boolean;
  /** The module that exports the workflows. */
  readonly workflowsPath?: string;
}

export const bundleNameOf = (encrypts: boolean): string =>
  encrypts ? 'workflow-bundle-encrypted.js' : 'workflow-bundle.js';

/** Of what a look replays: nothing of it is sent, so that it need not be encrypted. */
export const LOOKING_BUNDLE = { name: 'workflow-bundle-looking.js', encrypts: false, workflowsPath: LOOKING };

/**
 * The workflow code as workers load it. `npm run build` has made it; where the sources run it is made once for what they
 * hold, some three seconds, and kept in the cache. Processes that make the same at once do not disturb one another.
 */
export async function loadWorkflowBundle({ encrypts }: BundleOptions): Promise<{ readonly code: string }> {
  return readBuilt(bundleNameOf(encrypts)) ?? bundleOfSources({ encrypts });
}

/** The workflow code as looks replay it, which answer what they ask (workflows/tenant/looking.ts). */
export async function loadLookingBundle(): Promise<{ readonly code: string }> {
  return readBuilt(LOOKING_BUNDLE.name) ?? bundleOfSources(LOOKING_BUNDLE);
}

/** Read once: another release may be put in its place while this one runs. Undefined where the sources run. */
function readBuilt(name: string): { readonly code: string } | undefined {
  const built = join(ROOT, name);
  return existsSync(built) ? { code: readFileSync(built, 'utf8') } : undefined;
}

/** As `loadWorkflowBundle`, of any module of workflows beside the sources: tests have some of their own. */
export async function bundleOfSources(options: BundleOptions): Promise<{ readonly code: string }> {
  const folder = join(cacheFolder(), 'workflow-bundles');
  const key = keyOf(options);
  const file = join(folder, `${key}.js`);
  const kept = readKept(file);
  if (kept !== undefined) return { code: kept };
  const code = await bundleWorkflows(options);
  try {
    // Of what was edited meanwhile, nobody knows what it is made of.
    if (keyOf(options) !== key) return { code };
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const written = `${file}.${randomUUID()}`;
    writeFileSync(written, `${digestOf(code)}\n${code}`, { mode: 0o600 });
    renameSync(written, file);
    removeOldest(folder, KEPT);
  } catch {
    // Not kept: it is made again the next time.
  }
  return { code };
}

/** Undefined where it is not there, not ours to read, or cut short: a file begins with the digest of the rest. */
function readKept(file: string): string | undefined {
  try {
    const [digest, ...lines] = readFileSync(file, 'utf8').split('\n');
    const code = lines.join('\n');
    return digest === digestOf(code) ? code : undefined;
  } catch {
    return undefined;
  }
}

const digestOf = (code: string): string => createHash('sha256').update(code).digest('hex');

/** Makes it, always. */
export async function bundleWorkflows({
  encrypts,
  workflowsPath = WORKFLOWS,
}: BundleOptions): Promise<string> {
  const { code } = await bundleWorkflowCode({
    workflowsPath,
    workflowInterceptorModules: [INTERCEPTORS],
    ...(encrypts ? { failureConverterPath: ENCODED_FAILURES } : {}),
    logger: plainLogger('ERROR'),
  });
  return code;
}

/** By content: where a file has been edited, an older bundle is not found. Stack traces name the folder, so it counts too. */
function keyOf({ encrypts, workflowsPath = WORKFLOWS }: BundleOptions): string {
  const hash = createHash('sha256').update([ROOT, process.version, encrypts, workflowsPath].join('\n'));
  const inputs = new Set([...INPUTS, relative(ROOT, dirname(workflowsPath))]);
  return keyByContent(hash, [...inputs], (name) => /\.(ts|json)$/.test(name));
}
