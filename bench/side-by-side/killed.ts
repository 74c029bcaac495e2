import { Bench } from './run.ts';
import type { Way } from './ways.ts';

/** What a kill in the middle left, and how it was brought right: by typing the same again. */
export interface Killed {
  readonly tenants: number;
  /** As the cluster showed them once it had come to rest. */
  readonly untouched: number;
  readonly between: number;
  readonly upgraded: number;
  readonly pausedConfigs: number;
  /** Of one of those in between. */
  readonly lacking: readonly string[];
  /** From the same command typed again to its end. */
  readonly againMs: number;
  /** Without a ready system-app, at most of a tenant's, over all of it. */
  readonly downMs: number;
  /** Tenants that were not upgraded by it, with what they lack. */
  readonly notUpgraded: readonly string[];
}

/** Rollouts of a tenant. */
const ROLLOUTS = 10;

/** Kills it when half of the rollouts have begun, with SIGKILL; looks, and types the same again. */
export async function runKilled(way: Way, count: number): Promise<Killed> {
  const bench = await Bench.open(count);
  try {
    const running = bench.start(way);
    await halfWay(bench);
    await running.kill();
    await bench.simulator.ask('settle');
    const { stands } = await bench.simulator.ask('stands', bench.tenants);
    const between = stands.filter(({ untouched, lacking }) => !untouched && lacking.length > 0);
    const startedAt = performance.now();
    await bench.start(way).ended;
    const againMs = performance.now() - startedAt;
    await bench.simulator.ask('settle');
    const { figures } = await bench.simulator.ask('figures', bench.tenants);
    return {
      tenants: count,
      untouched: stands.filter(({ untouched }) => untouched).length,
      between: between.length,
      upgraded: stands.filter(({ lacking }) => lacking.length === 0).length,
      pausedConfigs: stands.reduce((sum, { paused }) => sum + paused.length, 0),
      lacking: between[0]?.lacking ?? [],
      againMs,
      downMs: Math.max(...figures.map(({ downMs }) => downMs)),
      notUpgraded: await bench.lacking(),
    };
  } finally {
    await bench.close();
  }
}

async function halfWay({ simulator, tenants }: Bench): Promise<void> {
  for (;;) {
    const { rollouts } = await simulator.ask('begun', tenants);
    if (rollouts * 2 >= tenants.length * ROLLOUTS) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
