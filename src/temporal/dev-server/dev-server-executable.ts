import { accessSync, constants, mkdirSync, readdirSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { telling } from '../../telling.ts';
import { cacheFolder } from './folders.ts';
import type { GoBuild } from './go-build.ts';
import { buildWithGo } from './go-build.ts';
import { TemporalError } from '../temporal-error.ts';

/** Newest release whose module builds with `go install` (later ones have replace directives). */
const devServerBuild = (): GoBuild => ({
  what: 'the Temporal dev server',
  folder: join(cacheFolder(), 'go', 'bin'),
  packages: { temporal: 'github.com/temporalio/cli/cmd/temporal@v1.5.1' },
});

const DOWNLOADS_FROM = 'https://temporal.download';
const AVOIDED_BY =
  'To avoid it, have `temporal` on PATH (https://docs.temporal.io/cli), or name a server: export TEMPORAL_ADDRESS=HOST:7233';

/** Told what is being done while a person waits. */
export type Say = (line: string) => void;

/**
 * Path of a Temporal dev server: `temporal` on PATH, else what an earlier run fetched, else the SDK's download, else
 * built with Go. Throws TemporalError with the reason of every way that failed.
 */
export async function findDevServer(say: Say): Promise<string> {
  const downloads = join(cacheFolder(), 'download');
  const build = devServerBuild();
  const built = join(build.folder, 'temporal');
  const found = onPath('temporal') ?? executableIn(downloads) ?? (isExecutable(built) ? built : undefined);
  if (found) return found;
  const reasons: string[] = [];
  try {
    say(
      `There is no Temporal server on this machine: its dev server is fetched from ${DOWNLOADS_FROM} to ${downloads} ` +
        `(once, about 60 MB; some seconds). ${AVOIDED_BY}`,
    );
    return await telling(
      say,
      (seconds) => fetching(downloads, seconds),
      () => download(downloads),
    );
  } catch (error) {
    reasons.push(`its download: ${reasonOf(error)}`);
  }
  if (onPath('go') === undefined) reasons.push('a build: there is no go on PATH');
  else {
    say(`No luck with ${reasons[0] ?? ''}; it is built with Go (once, 3 to 7 minutes). ${AVOIDED_BY}`);
    try {
      await buildWithGo(build, say);
      return built;
    } catch (error) {
      reasons.push(`a build with Go: ${reasonOf(error)}`);
    }
  }
  throw new TemporalError(
    `there is no Temporal server, and none can be had: ${reasons.join('; ')}`,
    'Install the Temporal CLI (https://docs.temporal.io/cli), or name a server with TEMPORAL_ADDRESS.',
  );
}

async function download(folder: string): Promise<string> {
  mkdirSync(folder, { recursive: true });
  // It brings the worker's library along, for what happens once on a machine.
  const { TestWorkflowEnvironment } = await import('@temporalio/testing');
  await withoutGrpcProxy(async () => {
    const environment = await TestWorkflowEnvironment.createLocal({
      server: { executable: { type: 'cached-download', downloadDir: folder, ttl: '3650d' } },
    });
    await environment.teardown();
  });
  const found = executableIn(folder);
  if (!found) throw new Error(`nothing executable arrived in ${folder}`);
  return found;
}

/** The SDK asks what it has downloaded whether it runs, on loopback: by the proxy, if it were not told. */
async function withoutGrpcProxy(work: () => Promise<void>): Promise<void> {
  const before = process.env.no_grpc_proxy;
  process.env.no_grpc_proxy = '127.0.0.1,localhost';
  try {
    await work();
  } finally {
    if (before === undefined) delete process.env.no_grpc_proxy;
    else process.env.no_grpc_proxy = before;
  }
}

function fetching(folder: string, seconds: number): string {
  const megabytes = readdirSync(folder).reduce((sum, name) => sum + sizeOf(join(folder, name)), 0) / 1e6;
  return `still fetching the Temporal dev server (${seconds} s, ${megabytes.toFixed(0)} MB so far)`;
}

/** 0 of what has gone meanwhile. */
const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

/** Path of a program; undefined where PATH has none of this name. */
export function onPath(name: string): string | undefined {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find(isExecutable);
}

function executableIn(folder: string): string | undefined {
  try {
    return readdirSync(folder)
      .map((name) => join(folder, name))
      .find(isExecutable);
  } catch {
    return undefined;
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** The cause stands at the end, after what every layer has put before it. */
export function reasonOf(error: unknown): string {
  const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  return line.length < 120 ? line : (line.split(': ').at(-1) ?? line);
}
