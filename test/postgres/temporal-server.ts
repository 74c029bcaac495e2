import type { ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { spawnChild } from '../../torture/arena/children.ts';
import { exits, steadyPort, untilTrue } from './processes.ts';

/** Its services, and what each listens on. */
const PORTS = [
  'FRONTEND_GRPC_PORT',
  'FRONTEND_HTTP_PORT',
  'FRONTEND_MEMBERSHIP_PORT',
  'MATCHING_GRPC_PORT',
  'MATCHING_MEMBERSHIP_PORT',
  'HISTORY_GRPC_PORT',
  'HISTORY_MEMBERSHIP_PORT',
  'WORKER_GRPC_PORT',
  'WORKER_MEMBERSHIP_PORT',
] as const;
type Ports = Readonly<Record<(typeof PORTS)[number], string>>;

/** How a release is started: what lies before `start`, and what its environment has beside that of docker-compose.yml. */
export interface ServerRelease {
  /** Folder of temporal-server. */
  readonly folder: string;
  readonly args?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

/** Temporal's server in a process of its own, on loopback, which can be killed and followed by another release. */
export class TemporalServer {
  readonly address: string;
  readonly #ports: Ports;
  readonly #environment: Readonly<Record<string, string>>;
  readonly #log: string;
  #child: ChildProcess | undefined;

  private constructor(ports: Ports, environment: Readonly<Record<string, string>>, log: string) {
    this.#ports = ports;
    this.#environment = environment;
    this.#log = log;
    this.address = `127.0.0.1:${ports.FRONTEND_GRPC_PORT}`;
  }

  /** `environment`: that of docker-compose.yml; `log`: the file that takes what it says. */
  static async prepare(environment: Readonly<Record<string, string>>, log: string): Promise<TemporalServer> {
    const ports: Record<string, string> = {};
    for (const name of PORTS) ports[name] = String(await steadyPort());
    return new TemporalServer(ports as Ports, environment, log);
  }

  /** Resolves when it is well, as docker-compose.yml has it. Throws with the end of its log where it ends before. */
  async start({ folder, args = [], environment = {} }: ServerRelease): Promise<void> {
    const log = openSync(this.#log, 'a');
    const child = spawnChild(join(folder, 'temporal-server'), [...args, 'start'], {
      env: { PATH: process.env['PATH'], ...this.#environment, ...this.#ports, ...environment },
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    this.#child = child;
    await untilTrue(() => {
      if (child.exitCode !== null) throw new Error(`the server ended: ${this.#lastWords()}`);
      return this.#isWell();
    });
  }

  /** SIGKILL, or SIGTERM for one that may take leave. */
  async kill(signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child) await exits(child, signal);
  }

  async #isWell(): Promise<boolean> {
    const url = `http://127.0.0.1:${this.#ports.FRONTEND_HTTP_PORT}/api/v1/namespaces/temporal-system`;
    try {
      return (await fetch(url, { signal: AbortSignal.timeout(5_000) })).ok;
    } catch {
      return false;
    }
  }

  #lastWords = (): string => readFileSync(this.#log, 'utf8').slice(-2_000);
}
