import type { WorkerProcess } from '../src/cli/demo/worker-process.ts';
import { startWorkerProcess } from '../src/cli/demo/worker-process.ts';
import { workflowIdOf } from '../src/domain/tenant/workflow-id.ts';
import type { FleetProgress } from '../src/domain/fleet/show/progress.ts';
import { runningDevServer } from '../src/temporal/dev-server/dev-server.ts';
import { fleetProgressQuery } from '../workflows/fleet/messages.ts';
import { ScaleFleet, scaleTenants } from '../test/support/fleet-scale.ts';
import type { Lab } from '../test/support/lab.ts';
import { openLab } from '../test/support/lab.ts';
import { CpuMeter, processFigures } from './process-figures.ts';
import type { Yardstick } from './yardstick.ts';

/** What one fleet cost, and whether everything was right with it. */
export interface FleetFigures {
  readonly tenants: number;
  readonly wallMs: number;
  readonly workersMs: number;
  readonly temporalMs: number;
  readonly simulatorMs: number;
  /** What the yardstick's work cost meanwhile. */
  readonly yardstickMs: number;
  readonly peakMb: number;
  readonly requests: number;
  readonly activities: number;
  readonly tenantEvents: number;
  readonly fleetEvents: number;
  readonly longestRun: number;
  readonly runs: number;
  readonly answerMs: number;
  readonly workersKilled: number;
  /** In sentences; none: every tenant ended as it must, no write was made twice, no slot was lost. */
  readonly problems: readonly string[];
}

export interface FleetRun {
  readonly tenants: number;
  /** Kills one of the two workers on the way, and replaces it. */
  readonly kill: boolean;
  readonly yardstick: Yardstick;
  readonly say: (line: string) => void;
}

const CLUSTERS = 20;
const ONE_IN_FAILS = 50;
const AT_ONCE = 40;
/** Upgraded before anything is measured: whatever is slow for the first time only. */
const WARM_UP = 30;
const SAMPLED = 20;
const TOLD_EVERY_MS = 60_000;

/** Runs one fleet on a Temporal, simulated clusters and worker processes of its own. */
export async function runFleet({ tenants, ...run }: FleetRun): Promise<FleetFigures> {
  const lab = await openLab({ clusters: CLUSTERS, worker: false });
  const workers: WorkerProcess[] = [];
  const startWorker = async (): Promise<WorkerProcess> => {
    const env = { ...process.env, TEMPORAL_ADDRESS: lab.target.address };
    const worker = await startWorkerProcess(lab.kubeconfig, env);
    workers.push(worker);
    return worker;
  };
  try {
    await Promise.all([startWorker(), startWorker()]);
    await warmUp(lab);
    const fleet = new ScaleFleet(
      lab,
      'bench',
      scaleTenants(tenants, { clusters: CLUSTERS, oneInFails: ONE_IN_FAILS }),
    );
    await fleet.install();
    await fleet.upgradeReference();
    run.say(`${tenants} tenants are installed`);
    return await measure(lab, fleet, { ...run, workers, startWorker });
  } finally {
    await Promise.all(workers.map((worker) => worker.kill()));
    await lab.close();
  }
}

async function warmUp(lab: Lab): Promise<void> {
  const names = Array.from({ length: WARM_UP }, (_, place) => `warm-up-${place}`);
  for (const name of names) await lab.simulator.install('sim1', name);
  await Promise.all(names.map((name) => lab.upgrade(name)));
}

async function measure(
  lab: Lab,
  fleet: ScaleFleet,
  {
    workers,
    startWorker,
    kill,
    say,
    yardstick,
  }: Omit<FleetRun, 'tenants'> & {
    readonly workers: readonly WorkerProcess[];
    readonly startWorker: () => Promise<WorkerProcess>;
  },
): Promise<FleetFigures> {
  const { tenants } = fleet;
  const file = fleet.write({
    maxConcurrent: AT_ONCE,
    maxConcurrentPerCluster: 5,
    failureBudget: { failed: '5%' },
  });
  const ofWorkers = new CpuMeter();
  for (const { pid } of workers) ofWorkers.add(pid);
  const ofTemporal = new CpuMeter();
  ofTemporal.add((await runningDevServer())?.pid ?? 0);
  const ofSimulator = process.cpuUsage();
  yardstick.takeMs();
  const startedAt = performance.now();
  const started = await fleet.cli(
    'start',
    '-f',
    file,
    '--kubeconfig',
    lab.kubeconfig,
    '--yes',
    '--no-watch',
    '--why',
    'to measure it',
  );
  if (started.exitCode !== 0) throw new Error(started.stderr);

  const overLimit: string[] = [];
  let peakMb = 0;
  let told = startedAt;
  const look = ({ counts, total }: FleetProgress): void => {
    if (counts.running > AT_ONCE) overLimit.push(`${counts.running} tenants were under way at once`);
    for (const { pid } of workers) peakMb = Math.max(peakMb, peakOf(pid));
    if (performance.now() - told < TOLD_EVERY_MS) return;
    told = performance.now();
    const cpu = `${seconds(ofWorkers)} of the workers, ${seconds(ofTemporal)} of Temporal`;
    say(`${counts.pending} of ${total} wait, ${counts.upgraded} are upgraded; CPU so far: ${cpu}`);
  };
  let workersKilled = 0;
  if (kill) {
    await fleet.until((progress) => {
      look(progress);
      return progress.counts.upgraded >= tenants.length / 3;
    }, 1_000);
    ofWorkers.usedMs();
    await workers[0]?.kill();
    workersKilled += 1;
    say('one of two workers was killed');
    ofWorkers.add((await startWorker()).pid);
  }
  await fleet.until((progress) => {
    look(progress);
    return progress.phase === 'needs-decisions' || progress.phase === 'ended';
  }, 1_000);
  const wallMs = performance.now() - startedAt;
  const yardstickMs = yardstick.takeMs();
  const workersMs = ofWorkers.usedMs();
  const temporalMs = ofTemporal.usedMs();
  const { user, system } = process.cpuUsage(ofSimulator);
  const askedAt = performance.now();
  await fleet.handle.query(fleetProgressQuery);
  const answerMs = performance.now() - askedAt;

  await retryHeld(fleet);
  const { counts, total } = await fleet.until(({ phase }) => phase === 'ended');
  const counted = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const problems = [
    ...overLimit.slice(0, 1),
    ...(counted === total && total === tenants.length ? [] : [`${counted} of ${tenants.length} are counted`]),
    ...(await fleet.problems()),
  ];
  return {
    tenants: tenants.length,
    wallMs,
    workersMs,
    temporalMs,
    yardstickMs,
    simulatorMs: (user + system) / 1_000,
    peakMb,
    answerMs,
    workersKilled,
    problems,
    requests: requestsOf(lab, fleet),
    ...(await sampleTenants(lab, fleet)),
    ...(await fleetHistory(lab, fleet)),
  };
}

const seconds = (meter: CpuMeter): string => `${Math.round(meter.usedMs() / 1_000)} s`;

function peakOf(pid: number): number {
  try {
    return processFigures(pid).peakMb;
  } catch {
    return 0;
  }
}

async function retryHeld(fleet: ScaleFleet): Promise<void> {
  const held = fleet.tenants.filter(({ fate }) => fate === 'held').map(({ namespace }) => namespace);
  if (held.length === 0) return;
  const why = ['--why', 'migrated by hand', '--no-watch'];
  const retried = await fleet.cli('retry', fleet.name, '--tenant', ...held, ...why);
  if (retried.exitCode !== 0) throw new Error(retried.stderr);
}

/** Requests of an upgraded tenant, on the average. */
function requestsOf(lab: Lab, fleet: ScaleFleet): number {
  const upgraded = fleet.tenants.filter(({ fate }) => fate === 'upgraded');
  const counts = upgraded.map(({ context, namespace }) => {
    const { reads, writes } = lab.simulator.cluster(context).audit.requests(namespace);
    return reads + writes;
  });
  return counts.reduce((sum, count) => sum + count, 0) / counts.length;
}

/** Of upgraded tenants, evenly over the fleet: those that fail have other histories. */
async function sampleTenants(
  lab: Lab,
  fleet: ScaleFleet,
): Promise<Pick<FleetFigures, 'activities' | 'tenantEvents'>> {
  const upgraded = fleet.tenants.filter(({ fate }) => fate === 'upgraded');
  const every = Math.max(1, Math.floor(upgraded.length / SAMPLED));
  const sample = upgraded.filter((_, place) => place % every === 0);
  let activities = 0;
  let events = 0;
  for (const { context, namespace } of sample) {
    const id = workflowIdOf(lab.clusters.tenant(context, namespace));
    const history = (await lab.client.workflow.getHandle(id).fetchHistory()).events ?? [];
    activities += history.filter((event) => event.activityTaskScheduledEventAttributes).length;
    events += history.length;
  }
  return { activities: activities / sample.length, tenantEvents: events / sample.length };
}

/** Over all runs of the fleet's own workflow. */
async function fleetHistory(
  lab: Lab,
  fleet: ScaleFleet,
): Promise<Pick<FleetFigures, 'fleetEvents' | 'longestRun' | 'runs'>> {
  const lengths: number[] = [];
  const ids = new Set<string>();
  for await (const { runId } of lab.client.workflow.list({ query: `WorkflowId = 'fleet/${fleet.name}'` }))
    ids.add(runId);
  for (const runId of ids) {
    const { historyLength } = await lab.client.workflow.getHandle(`fleet/${fleet.name}`, runId).describe();
    lengths.push(historyLength);
  }
  return {
    fleetEvents: lengths.reduce((sum, length) => sum + length, 0),
    longestRun: Math.max(...lengths),
    runs: lengths.length,
  };
}
