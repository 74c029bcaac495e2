import type { ChildProcess } from 'node:child_process';
import { execFileSync } from 'node:child_process';
import { chownSync, closeSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { spawnChild } from '../../torture/arena/children.ts';
import { exits, steadyPort, untilTrue } from './processes.ts';

/** Whoever owns the cluster: PostgreSQL refuses to be root's. */
interface Owner {
  readonly uid?: number;
  readonly gid?: number;
}

/** A PostgreSQL cluster in a folder of its own, on loopback, which can be killed. */
export class PostgresProcess {
  readonly port: number;
  readonly #bin: string;
  readonly #folder: string;
  readonly #owner: Owner;
  #child: ChildProcess | undefined;

  private constructor(bin: string, folder: string, port: number) {
    this.#bin = bin;
    this.#folder = folder;
    this.port = port;
    this.#owner = owner();
  }

  /** Makes the cluster, which knows one user, and starts it. The folder must be one that others may pass through. */
  static async create(
    bin: string,
    folder: string,
    { user, password }: { readonly user: string; readonly password: string },
  ): Promise<PostgresProcess> {
    const postgres = new PostgresProcess(bin, folder, await steadyPort());
    postgres.#init(user, password);
    await postgres.start();
    return postgres;
  }

  #init(user: string, password: string): void {
    const passwordFile = join(this.#folder, 'password');
    mkdirSync(this.#folder, { mode: 0o700 });
    writeFileSync(passwordFile, password, { mode: 0o600 });
    const { uid, gid } = this.#owner;
    if (uid !== undefined && gid !== undefined)
      for (const path of [this.#folder, passwordFile]) chownSync(path, uid, gid);
    execFileSync(
      join(this.#bin, 'initdb'),
      [
        ...['--pgdata', this.#data, '--username', user, '--pwfile', passwordFile],
        ...['--auth', 'scram-sha-256', '--encoding', 'UTF8', '--locale', 'C', '--no-sync'],
      ],
      { ...this.#options, stdio: ['ignore', 'ignore', 'pipe'] },
    );
    rmSync(passwordFile);
  }

  /** Resolves when it is well, as docker-compose.yml has it. What a killed one has left may stand in the way for a moment. */
  async start(): Promise<void> {
    await untilTrue(async () => {
      if (!this.#child || this.#child.exitCode !== null) this.#begin();
      await new Promise((resolve) => setTimeout(resolve, 200));
      return this.#isReady();
    });
  }

  /** SIGKILL; what it had written is kept. */
  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child) await exits(child, 'SIGKILL');
  }

  #begin(): void {
    const log = openSync(join(this.#folder, '..', 'postgres.log'), 'a');
    this.#child = spawnChild(
      join(this.#bin, 'postgres'),
      [
        ...['-D', this.#data, '-p', String(this.port)],
        ...['-c', 'listen_addresses=127.0.0.1', '-c', `unix_socket_directories=${this.#folder}`],
      ],
      { ...this.#options, stdio: ['ignore', log, log] },
    );
    closeSync(log);
  }

  #isReady(): boolean {
    try {
      const args = ['--quiet', '--host', '127.0.0.1', '--port', String(this.port)];
      execFileSync(join(this.#bin, 'pg_isready'), args, { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  }

  get #data(): string {
    return join(this.#folder, 'data');
  }

  get #options() {
    return { ...this.#owner, cwd: this.#folder, env: { PATH: process.env['PATH'], LC_ALL: 'C' } };
  }
}

/** Of another user than root: the one that Debian's package makes, else nobody. */
function owner(): Owner {
  if (process.getuid?.() !== 0) return {};
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  for (const name of ['postgres', 'nobody']) {
    const [, , uid, gid] = users.find(([user]) => user === name) ?? [];
    if (uid && gid) return { uid: Number(uid), gid: Number(gid) };
  }
  throw new Error('there is neither a user postgres nor a user nobody');
}
