import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectClient, findTemporal } from '../../src/temporal/connection.ts';
import { runningDevServer, stopDevServer } from '../../src/temporal/dev-server/dev-server.ts';
import type { Timing } from '../../simulator/types.ts';
import { MemoryWatch, cpuOf, cpuOfEndedChildren } from './process-tree.ts';
import { Running } from './running.ts';
import type { TenantFigures } from './simulated.ts';
import { SimulatorProcess } from './simulated.ts';
import type { Way } from './ways.ts';

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
  /** Of a tenant, at most: its switch against the longest chain of its rollouts. */
  readonly switchToChain: number;
  /** Of this tool: events of a tenant's history, on the average. */
  readonly eventsEach?: number;
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

/** Upgrades so many tenants in one way, on a cluster of its own. */
export async function runWay(way: Way, count: number, timing = TIMING): Promise<Figures> {
  const bench = await Bench.open(count, timing);
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
    const events = temporal === 0 ? {} : { eventsEach: await eventsEach() };
    return { wallMs, cpuMs, temporalCpuMs, peakMb, ...seenBy(figures), ...events, notUpgraded };
  } finally {
    await bench.close();
  }
}

const LOOKED_AT = 20;

async function eventsEach(): Promise<number> {
  const { client, close } = await connectClient(await findTemporal(() => undefined));
  try {
    const lengths: number[] = [];
    for await (const { workflowId, runId } of client.workflow.list({
      query: "WorkflowType = 'tenantUpgrade'",
    })) {
      lengths.push((await client.workflow.getHandle(workflowId, runId).describe()).historyLength);
      if (lengths.length === LOOKED_AT) break;
    }
    return lengths.reduce((sum, length) => sum + length, 0) / lengths.length;
  } finally {
    await close();
  }
}

function seenBy(
  all: readonly TenantFigures[],
): Pick<Figures, 'requestsEach' | 'writesEach' | 'rollouts' | 'downMs' | 'switchToChain'> {
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
    switchToChain: Math.max(...all.map(({ switchMs, chainMs }) => switchMs / chainMs)),
  };
}
