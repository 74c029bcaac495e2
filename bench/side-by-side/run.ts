import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runningDevServer, stopDevServer } from '../../src/temporal/dev-server/dev-server.ts';
import type { Timing } from '../../simulator/types.ts';
import { MemoryWatch, cpuOf, cpuOfEndedChildren, treeOf } from './process-tree.ts';
import type { TenantFigures } from './simulated.ts';
import { SimulatorProcess } from './simulated.ts';
import type { Command, Way } from './ways.ts';

/** Long enough that a rollout is told from the start of a process, short enough to wait for hundreds. */
export const TIMING: Timing = { rolloutMs: 5_000, hookMs: 1_000, importMs: 500, terminationMs: 500 };

/** What one way of upgrading so many tenants took. */
export interface Figures {
  readonly wallMs: number;
  /** Of all its processes, Temporal among them. */
  readonly cpuMs: number;
  readonly temporalCpuMs: number;
  /** Of all its processes together, Temporal among them, at most. */
  readonly peakMb: number;
  readonly requestsEach: number;
  readonly writesEach: number;
  /** Of a tenant, by DeploymentConfig, at most. */
  readonly rollouts: Readonly<Record<string, number>>;
  /** Without a ready system-app, at most of a tenant's. */
  readonly downMs: number;
  /** Tenants that are not upgraded in the end, as the cluster shows them, with what they lack. */
  readonly notUpgraded: readonly string[];
}

/** A simulated cluster, an empty state of this tool, and nothing else: closed after one measurement. */
export class Bench {
  readonly simulator: SimulatorProcess;
  readonly folder: string;
  readonly tenants: readonly string[];

  private constructor(simulator: SimulatorProcess, folder: string, tenants: readonly string[]) {
    this.simulator = simulator;
    this.folder = folder;
    this.tenants = tenants;
  }

  static async open(count: number, timing: Timing = TIMING): Promise<Bench> {
    const folder = mkdtempSync(join(tmpdir(), 'threescale-upgrade-bench-'));
    process.env['THREESCALE_UPGRADE_HOME'] = join(folder, 'home');
    process.env['TEMPORAL_CONFIG_FILE'] = join(folder, 'none.toml');
    Reflect.deleteProperty(process.env, 'TEMPORAL_ADDRESS');
    const simulator = await SimulatorProcess.start({ timing, kubeconfig: join(folder, 'kubeconfig.yaml') });
    const tenants = Array.from({ length: count }, (_, place) => `tenant-${place + 1}`);
    await simulator.ask('install', tenants);
    return new Bench(simulator, folder, tenants);
  }

  get kubeconfig(): string {
    return join(this.folder, 'kubeconfig.yaml');
  }

  start(way: Way): Running {
    return new Running(way.command(this.tenants, this));
  }

  /** Of each tenant that is not upgraded what it lacks. */
  async lacking(): Promise<string[]> {
    const { stands } = await this.simulator.ask('stands', this.tenants);
    return stands.flatMap(({ lacking }, place) =>
      lacking.length === 0 ? [] : [`${this.tenants[place] ?? ''}: ${lacking.join(', ')}`],
    );
  }

  async close(): Promise<void> {
    await stopDevServer();
    await this.simulator.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** One command at work, with all that it starts. */
export class Running {
  readonly pid: number;
  readonly ended: Promise<{ readonly exitCode: number | null; readonly said: string }>;
  readonly #child: ChildProcess;
  #said = '';

  constructor({ file, args, env }: Command) {
    this.#child = spawn(file, args, {
      env: { ...process.env, NODE_OPTIONS: '', NO_COLOR: '1', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.pid = this.#child.pid ?? 0;
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream?.on('data', (chunk: Buffer) => (this.#said = (this.#said + chunk.toString()).slice(-4_000)));
    this.ended = new Promise((resolve, reject) => {
      this.#child.once('error', reject);
      this.#child.once('close', (exitCode) => {
        resolve({ exitCode, said: this.#said });
      });
    });
  }

  /** Resolves when it has said so. Rejects where it ends before. */
  async says(words: string): Promise<void> {
    while (!this.#said.includes(words)) {
      if (!(await this.runs(50))) throw new Error(`it has ended: ${this.#said}`);
    }
  }

  /** After so long: whether it runs still. */
  async runs(afterMs: number): Promise<boolean> {
    await new Promise((resolve) => setTimeout(resolve, afterMs));
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** SIGKILL for it and all below it, but for Temporal, which is a service of its own. */
  async kill(): Promise<void> {
    const temporal = (await runningDevServer())?.pid;
    for (const pid of treeOf(this.pid)) {
      if (pid === temporal) continue;
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has ended meanwhile.
      }
    }
    await this.ended;
  }
}

/** Upgrades so many tenants in one way, on a cluster of its own. */
export async function runWay(way: Way, count: number): Promise<Figures> {
  const bench = await Bench.open(count);
  try {
    let temporal = 0;
    const cpuBefore = cpuOfEndedChildren();
    const startedAt = performance.now();
    const running = bench.start(way);
    const memory = new MemoryWatch(() => [running.pid, ...(temporal ? [temporal] : [])]);
    const found = setInterval(
      () =>
        void runningDevServer().then((server) => {
          temporal = server?.pid ?? temporal;
        }),
      1_000,
    );
    const { exitCode, said } = await running.ended;
    clearInterval(found);
    const wallMs = performance.now() - startedAt;
    temporal = (await runningDevServer())?.pid ?? 0;
    const temporalCpuMs = temporal === 0 ? 0 : cpuOf(temporal);
    const cpuMs = cpuOfEndedChildren() - cpuBefore + temporalCpuMs;
    const peakMb = memory.stop();
    if (exitCode !== 0) throw new Error(`${way.name} ended with exit code ${exitCode ?? 'none'}: ${said}`);
    await bench.simulator.ask('settle');
    const { figures } = await bench.simulator.ask('figures', bench.tenants);
    const notUpgraded = await bench.lacking();
    return { wallMs, cpuMs, temporalCpuMs, peakMb, ...seenBy(figures), notUpgraded };
  } finally {
    await bench.close();
  }
}

function seenBy(
  all: readonly TenantFigures[],
): Pick<Figures, 'requestsEach' | 'writesEach' | 'rollouts' | 'downMs'> {
  const average = (of: (one: TenantFigures) => number): number =>
    all.reduce((sum, one) => sum + of(one), 0) / all.length;
  const rollouts: Record<string, number> = {};
  for (const [name, count] of all.flatMap((one) => Object.entries(one.rollouts)))
    rollouts[name] = Math.max(rollouts[name] ?? 0, count);
  return {
    requestsEach: average(({ requests }) => requests),
    writesEach: average(({ writes }) => writes),
    rollouts,
    downMs: Math.max(...all.map(({ downMs }) => downMs)),
  };
}
