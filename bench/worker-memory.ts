/**
 * A worker's memory with so many tenants at once (default: 500): a fleet whose tenants are all under way together, one worker
 * process, a simulated cluster in a process of its own. `npm run bench:memory [-- COUNT]`; BENCH_NODE_OPTIONS: of the worker.
 */
import { fileURLToPath } from 'node:url';
import { processFigures } from './process-figures.ts';
import { cpuOf } from './side-by-side/process-tree.ts';
import { Bench } from './side-by-side/run.ts';
import { Running } from './side-by-side/running.ts';
import { MAIN, fleetOf } from './side-by-side/ways.ts';
import { runningDevServer } from '../src/temporal/dev-server/dev-server.ts';

/** Long enough that tenants are in the midst of their rollouts together. */
const TIMING = { rolloutMs: 2_000, hookMs: 500, importMs: 500, terminationMs: 500 };
const LOOKS_EVERY_MS = 2_000;

export interface WorkerFigures {
  readonly tenants: number;
  readonly peakMb: number;
  readonly wallMs: number;
  readonly workerCpuMs: number;
  readonly temporalCpuMs: number;
  readonly notUpgraded: number;
}

export async function workerMemory(count: number, nodeOptions = ''): Promise<WorkerFigures> {
  const bench = await Bench.open(count, TIMING);
  const node = (args: readonly string[], options = ''): Running =>
    new Running({ file: process.execPath, args: [MAIN, ...args], env: { NODE_OPTIONS: options } });
  try {
    const worker = node(['worker', '--kubeconfig', bench.kubeconfig], nodeOptions);
    await worker.says('worker ready');
    const startedAt = performance.now();
    const { exitCode, said } = await node([...fleetOf(bench.tenants, bench, count), '--no-watch']).ended;
    if (exitCode !== 0) throw new Error(said);
    let notUpgraded = count;
    while (notUpgraded > 0 && (await worker.runs(LOOKS_EVERY_MS))) {
      notUpgraded = (await bench.lacking()).length;
    }
    const { peakMb } = processFigures(worker.pid);
    const temporal = (await runningDevServer())?.pid ?? 0;
    const figures = {
      tenants: count,
      peakMb,
      wallMs: performance.now() - startedAt,
      workerCpuMs: cpuOf(worker.pid),
      temporalCpuMs: cpuOf(temporal),
      notUpgraded,
    };
    await worker.kill();
    return figures;
  } finally {
    await bench.close();
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const figures = await workerMemory(Number(process.argv[2] ?? 500), process.env['BENCH_NODE_OPTIONS']);
  process.stdout.write(`${JSON.stringify(figures, undefined, 2)}\n`);
  process.exit();
}
