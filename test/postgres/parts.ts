/** What a Temporal on PostgreSQL is made of, on this machine: found, installed or built. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findDevServer, onPath, reasonOf } from '../../src/temporal/dev-server/dev-server-executable.ts';
import { cacheFolder } from '../../src/temporal/dev-server/folders.ts';
import type { GoBuild } from '../../src/temporal/dev-server/go-build.ts';
import { buildWithGo, isBuilt } from '../../src/temporal/dev-server/go-build.ts';

export interface Parts {
  /** Folder of initdb, postgres and pg_isready. */
  readonly postgres: string;
  /** Temporal's own command, as the admin tools have it. */
  readonly temporal: string;
  /** By release: folder of temporal-server and temporal-sql-tool. */
  readonly servers: ReadonlyMap<string, string>;
}

const DEBIAN = '/usr/lib/postgresql';
const INSTALLED_WITHIN_MS = 10 * 60_000;

const say = (line: string): void => void process.stderr.write(`${line}\n`);

/** Undefined where they cannot be had, and says why. Installs and builds what is not there, which takes minutes once. */
export async function findParts(releases: readonly string[]): Promise<Parts | undefined> {
  try {
    const postgres = postgresFolder() ?? installPostgres();
    const temporal = await findDevServer(say);
    const servers = new Map<string, string>();
    for (const release of releases) servers.set(release, await serverOf(release));
    return { postgres, temporal, servers };
  } catch (error) {
    say(`Temporal on PostgreSQL is not tested: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

/** Debian's newest, else the one on PATH. */
function postgresFolder(): string | undefined {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = versions.map((version) => join(DEBIAN, version, 'bin'));
  const named = onPath('initdb');
  if (named) folders.push(dirname(realpathSync(named)));
  return folders.find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')));
}

function installPostgres(): string {
  if (process.getuid?.() !== 0 || !onPath('apt-get'))
    throw new Error('there is no PostgreSQL here (apt-get install postgresql), and only root may install it');
  say('There is no PostgreSQL here: it is installed (apt-get install postgresql; once, about a minute)');
  try {
    aptGet('update');
    aptGet('install', '--yes', '--no-install-recommends', 'postgresql');
  } catch (error) {
    throw new Error(`PostgreSQL cannot be installed: ${reasonOf(error)}`, { cause: error });
  }
  const folder = postgresFolder();
  if (!folder) throw new Error(`PostgreSQL is installed, and is not in ${DEBIAN}`);
  return folder;
}

/** Not for the sake of its service: that is not started (run level 1), and nothing here uses it. */
function aptGet(...args: readonly string[]): void {
  execFileSync('apt-get', ['-qq', ...args], {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' },
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: INSTALLED_WITHIN_MS,
  });
}

async function serverOf(release: string): Promise<string> {
  const build = serverBuild(release);
  if (isBuilt(build)) return build.folder;
  if (!onPath('go')) throw new Error(`there is no go on PATH to build Temporal's server ${release} with`);
  say(`Temporal's server ${release} is built with Go (once, 3 to 10 minutes)`);
  try {
    await buildWithGo(build, say);
  } catch (error) {
    throw new Error(`Temporal's server ${release} cannot be built: ${reasonOf(error)}`, { cause: error });
  }
  return build.folder;
}

const serverBuild = (release: string): GoBuild => ({
  what: `Temporal's server ${release}`,
  folder: join(cacheFolder(), 'go', `temporal-server-${release}`),
  packages: {
    'temporal-server': `go.temporal.io/server/cmd/server@v${release}`,
    'temporal-sql-tool': `go.temporal.io/server/cmd/tools/sql@v${release}`,
  },
});
