import type { ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Build } from '../build/build.ts';
import { spawnChild } from './children.ts';

/** One worker process: the product's own `worker` command, with a kubeconfig of its own. */
export interface CrewMember {
  /** `w1`, `w2` …: who it is to the clusters. */
  readonly name: string;
  readonly pid: number;
  readonly startedAt: number;
  /** `pid@host`, as Temporal knows it. */
  readonly isAlive: () => boolean;
  stoppedFrom?: number;
  stoppedTo?: number;
  killedAt?: number;
}

export interface CrewOptions {
  readonly build: Build;
  readonly folder: string;
  readonly address: string;
  /** Writes the kubeconfig of a worker of this name, and lets its clusters know it. */
  readonly admit: (name: string) => string;
}

/** The worker processes of an arena, each with a name by which the clusters know what it wrote. */
export class WorkerCrew {
  readonly members: CrewMember[] = [];
  readonly #processes = new Map<CrewMember, ChildProcess>();
  readonly #options: CrewOptions;

  constructor(options: CrewOptions) {
    this.#options = options;
  }

  get alive(): CrewMember[] {
    return this.members.filter((member) => member.isAlive());
  }

  get logs(): string[] {
    return this.members.map(({ name }) => this.#log(name));
  }

  /** Resolves when it polls. */
  async start(): Promise<CrewMember> {
    const { build, address, folder, admit } = this.#options;
    const name = `w${this.members.length + 1}`;
    const log = openSync(this.#log(name), 'a');
    const child = spawnChild(process.execPath, [build.main, 'worker', '--kubeconfig', admit(name)], {
      env: {
        PATH: process.env['PATH'],
        HOME: folder,
        THREESCALE_UPGRADE_HOME: join(folder, 'home'),
        TEMPORAL_ADDRESS: address,
        NODE_COMPILE_CACHE: build.compileCache,
      },
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    const member: CrewMember = {
      name,
      pid: child.pid ?? 0,
      startedAt: Date.now(),
      isAlive: () => child.exitCode === null && child.signalCode === null,
    };
    this.members.push(member);
    this.#processes.set(member, child);
    while (!readFileSync(this.#log(name), 'utf8').includes('worker ready')) {
      if (!member.isAlive()) return member;
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
    return member;
  }

  async kill(member: CrewMember): Promise<void> {
    const child = this.#processes.get(member);
    if (!child || !member.isAlive()) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    member.killedAt = Date.now();
    child.kill('SIGKILL');
    await gone;
  }

  stop(member: CrewMember): void {
    member.stoppedFrom = Date.now();
    this.#processes.get(member)?.kill('SIGSTOP');
  }

  go(member: CrewMember): void {
    member.stoppedTo = Date.now();
    this.#processes.get(member)?.kill('SIGCONT');
  }

  async close(): Promise<void> {
    for (const member of this.alive) this.go(member);
    await Promise.all(this.alive.map((member) => this.kill(member)));
  }

  #log(name: string): string {
    return join(this.#options.folder, `${name}.log`);
  }
}
