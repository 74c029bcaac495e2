/** What docker-compose.yml runs, without Docker: its database, its jobs and its server, with its environments. */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { removeAtEnd } from '../../torture/arena/children.ts';
import { composeFile, ROOT } from '../support/compose-file.ts';
import type { Parts } from './parts.ts';
import { PostgresProcess } from './postgres-process.ts';
import { steadyPort } from './processes.ts';
import { TemporalServer } from './temporal-server.ts';

const LOOPBACK = '127.0.0.1';

/** The release that docker-compose.yml names. */
export function composeRelease(): string {
  const { services } = composeFile({ POSTGRES_PASSWORD: 'any', KUBECONFIG_FILE: 'any' });
  return (services['temporal']?.image ?? '').replace(/^.*:/, '');
}

export class NativeCompose {
  readonly database: PostgresProcess;
  readonly server: TemporalServer;
  readonly #folder: string;
  readonly #parts: Parts;
  readonly #services: ReturnType<typeof composeFile>['services'];

  private constructor(
    parts: Parts,
    folder: string,
    services: ReturnType<typeof composeFile>['services'],
    { database, server }: Pick<NativeCompose, 'database' | 'server'>,
  ) {
    this.#parts = parts;
    this.#folder = folder;
    this.#services = services;
    this.database = database;
    this.server = server;
  }

  /** The database runs; the server does not yet. */
  static async open(parts: Parts): Promise<NativeCompose> {
    // In it is a folder of another user.
    const folder = removeAtEnd(mkdtempSync(join(tmpdir(), 'threescale-upgrade-postgres-')));
    chmodSync(folder, 0o755);
    const password = randomBytes(24).toString('base64url');
    const { services } = composeFile({ POSTGRES_PASSWORD: password, KUBECONFIG_FILE: 'none' });
    const user = services['postgresql']?.environment?.['POSTGRES_USER'] ?? '';
    const database = await PostgresProcess.create(parts.postgres, join(folder, 'postgres'), {
      user,
      password,
    });
    const environment = {
      ...services['temporal']?.environment,
      DB_PORT: String(database.port),
      POSTGRES_SEEDS: LOOPBACK,
      BIND_ON_IP: LOOPBACK,
      DYNAMIC_CONFIG_FILE_PATH: here(services['temporal']?.environment?.['DYNAMIC_CONFIG_FILE_PATH']),
      PROMETHEUS_ENDPOINT: `${LOOPBACK}:${await steadyPort()}`,
    };
    const server = await TemporalServer.prepare(environment, join(folder, 'temporal.log'));
    return new NativeCompose(parts, folder, services, { database, server });
  }

  /** The job that makes the tables, or brings them to this release. */
  async schema(release: string): Promise<void> {
    await this.#run('schema', this.#serverFolder(release), {
      SQL_HOST: LOOPBACK,
      SQL_PORT: String(this.database.port),
    });
  }

  /** All of it at once, with the namespace `default`: what is there when compose is up. */
  static async up(
    parts: Parts,
    release: string,
    more?: Parameters<NativeCompose['startServer']>[1],
  ): Promise<NativeCompose> {
    const compose = await NativeCompose.open(parts);
    await compose.schema(release);
    await compose.startServer(release, more);
    await compose.namespace('default');
    return compose;
  }

  /** The job that makes the namespace; answers what it says. */
  async namespace(name: string): Promise<string> {
    const bin = mkdtempSync(join(this.#folder, 'bin-'));
    symlinkSync(this.#parts.temporal, join(bin, 'temporal'));
    return this.#run('namespace', bin, {
      TEMPORAL_ADDRESS: this.server.address,
      TEMPORAL_NAMESPACE: name,
    });
  }

  async startServer(
    release: string,
    more: Partial<Parameters<TemporalServer['start']>[0]> = {},
  ): Promise<void> {
    await this.server.start({ folder: this.#serverFolder(release), ...more });
  }

  async close(): Promise<void> {
    await this.server.kill();
    await this.database.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #serverFolder(release: string): string {
    const folder = this.#parts.servers.get(release);
    if (folder === undefined) throw new Error(`there is no Temporal ${release}`);
    return folder;
  }

  async #run(job: string, bin: string, own: Readonly<Record<string, string>>): Promise<string> {
    const { command = [], environment } = this.#services[job] ?? {};
    const { stdout } = await promisify(execFile)('/bin/sh', command.map(here), {
      env: {
        PATH: [bin, process.env['PATH']].join(delimiter),
        TEMPORAL_CONFIG_FILE: join(this.#folder, 'none.toml'),
        ...environment,
        ...own,
      },
    });
    return stdout;
  }
}

/** What is mounted into a container at /deploy. */
const here = (path = ''): string => path.replace(/^\/deploy\//, `${ROOT}/deploy/compose/`);
