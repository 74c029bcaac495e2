import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { childEnvironment } from '../../child-environment.ts';
import { telling } from '../../telling.ts';
import { lock } from './server-lock.ts';

/** Commands of a Go module, and where they are kept once they are built. */
export interface GoBuild {
  /** For the person who waits: "the Temporal dev server". */
  readonly what: string;
  readonly folder: string;
  /** By the name that each is given in the folder: its package, with a version. */
  readonly packages: Readonly<Record<string, string>>;
}

/** Longer than a build takes, also beside much other work. */
const BUILT_WITHIN_MS = 45 * 60_000;

/** True where all of them are there. */
export const isBuilt = ({ folder, packages }: GoBuild): boolean =>
  Object.keys(packages).every((name) => existsSync(join(folder, name)));

/**
 * Builds what is not there yet with `go install`; one process at a time, and the others find it built. Each command is there as
 * a whole, or not at all. Rejects with the last line of what Go said.
 */
export async function buildWithGo(build: GoBuild, say: (line: string) => void): Promise<void> {
  const { folder, what } = build;
  mkdirSync(folder, { recursive: true });
  const release = await lock(`${folder}.lock`, { say, withinMs: BUILT_WITHIN_MS });
  try {
    if (isBuilt(build)) return;
    const startedAt = performance.now();
    await telling(
      say,
      (seconds) => `still building ${what} (${seconds} s)`,
      () => install(build),
    );
    say(`built in ${Math.round((performance.now() - startedAt) / 1_000)} s: ${folder}`);
  } finally {
    release();
  }
}

async function install({ folder, packages }: GoBuild): Promise<void> {
  const bin = mkdtempSync(`${folder}.`);
  try {
    const env = { ...childEnvironment(), GOBIN: bin };
    await run('go', ['install', '-ldflags', '-s -w', ...Object.values(packages)], env);
    for (const [name, path] of Object.entries(packages))
      renameSync(join(bin, commandOf(path)), join(folder, name));
  } finally {
    rmSync(bin, { recursive: true, force: true });
  }
}

/** Go calls a command by the last part of its package. */
const commandOf = (path: string): string => basename(path.slice(0, path.lastIndexOf('@')));

function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
    let errors = '';
    child.stderr.on('data', (chunk: Buffer) => (errors = (errors + chunk.toString()).slice(-2_000)));
    child.once('error', reject);
    child.once('exit', (code) => {
      if (code === 0) resolve();
      else reject(new Error(errors.trim().split('\n').at(-1) ?? `exit code ${code ?? 'none'}`));
    });
  });
}
