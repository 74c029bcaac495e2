import type { Listening } from '../../http-listening.ts';
import { Clusters } from '../../openshift/clusters.ts';
import type { TemporalTarget } from '../../temporal/connection.ts';
import { inPlace, reportStore } from '../../reports/find-store.ts';
import type { ReportStore } from '../../reports/report-store.ts';
import { ReportStoreError } from '../../reports/report-store.ts';
import { connectClient, findTemporal } from '../../temporal/connection.ts';
import type { DevServer } from '../../temporal/dev-server/dev-server.ts';
import { stopDevServer } from '../../temporal/dev-server/dev-server.ts';
import { stateFolder } from '../../temporal/dev-server/folders.ts';
import { listens } from '../../temporal/dev-server/ports.ts';
import { requireNamespace } from '../../temporal/namespace.ts';
import { ensureSearchAttributes } from '../../temporal/search-attributes.ts';
import { telling } from '../../telling.ts';
import { WorkerHealth } from '../../worker/health.ts';
import { jsonLogger } from '../../worker/json-logger.ts';
import type { LastingWorker } from '../../worker/lasting-worker.ts';
import { holdLittleMemory } from '../../worker/little-memory.ts';
import type { Release } from '../../worker/release.ts';
import { setLogLevel, startWorker } from '../../worker/worker.ts';
import { CliError } from '../cli-error.ts';
import { releaseOf, saidOfRelease } from '../worker-release.ts';
import type { Io } from '../io.ts';
import { lacksOfFleets } from '../lacks.ts';
import { offerHealth } from '../offer-health.ts';
import type { MetricsOptions, OfferedMetrics } from '../offer-metrics.ts';
import { offerMetrics } from '../offer-metrics.ts';
import type { LogOptions } from '../json-lines.ts';
import { saying } from '../json-lines.ts';
import { onStop } from '../stop-signals.ts';
import { whileAway } from '../while-away.ts';

export interface WorkerOptions extends MetricsOptions, LogOptions {
  /** False: it reaches no cluster. */
  readonly kubeconfig?: string | false;
  readonly site?: string;
  readonly giveUpAfter: number;
  readonly verbose?: boolean;
  readonly asRelease?: string;
  readonly deployment?: string;
  readonly buildId?: string;
  /** Seconds. */
  readonly wait?: number;
  readonly healthPort?: number;
  readonly healthHost?: string;
}

export interface DevOptions extends WorkerOptions {
  readonly uiPort: number;
  /** The desk beside it. */
  readonly ui?: boolean;
  readonly allowActions?: boolean;
  readonly deskPort: number;
  readonly stop?: boolean;
}

/** `dev` */
export async function workBesideServer(io: Io, options: DevOptions): Promise<void> {
  if (options.stop) {
    io.out((await stopDevServer()) ? 'stopped; its database is kept' : 'none runs');
    return;
  }
  io.err(`state is kept in ${stateFolder()}`);
  const { uiPort, ui = false, allowActions = false, deskPort: port, kubeconfig } = options;
  if (allowActions && !ui)
    throw new CliError('--allow-actions is about the desk, which is served with --ui', {
      hint: 'As in: threescale-upgrade dev --ui --allow-actions',
    });
  if (!ui) {
    await work(io, options, { uiPort });
    return;
  }
  const { openLocalDesk } = await import('./ui.ts');
  const file = typeof kubeconfig === 'string' ? { kubeconfig } : {};
  const beside: Beside = (target) => openLocalDesk(io, target, { port, allowActions, ...file });
  await work(io, options, { uiPort, beside });
}

/** What is served beside the worker for as long as it runs. */
type Beside = (target: TemporalTarget) => Promise<Listening>;

/** `worker`, and the worker of `dev`. */
export async function work(
  given: Io,
  options: WorkerOptions,
  server: { readonly uiPort?: number; readonly beside?: Beside },
): Promise<void> {
  const { kubeconfig, verbose, site } = options;
  const { io, log } = await saying(given, options);
  const level = verbose ? 'DEBUG' : 'WARN';
  holdLittleMemory();
  const store = reportStore();
  const release = releaseOf(options);
  if (kubeconfig === false && site !== undefined) {
    throw new CliError('a worker of a site is there to reach its clusters: it needs a kubeconfig', {
      hint: 'Leave out one of --site and --no-kubeconfig.',
    });
  }
  const clusters = kubeconfig === false ? undefined : new Clusters(kubeconfig, { warn: io.err });
  clusters?.contexts();
  clusters?.warnOfAll();
  const metrics = await offerMetrics(io, options);
  setLogLevel(level, { ...metrics, ...(log ? { logger: jsonLogger(level, log) } : {}) });
  const health = new WorkerHealth(clusters);
  let listening: Listening | undefined;
  let target: TemporalTarget | undefined;
  let beside: Listening | undefined;
  try {
    listening = await offerHealth(io, health, options);
    target = await findTemporal(io.err, server);
    const worker = await begin(io, { target, clusters, release, metrics }, options);
    health.begun(worker);
    // Of what `dev` runs there is one, so that nobody else tells of its fleets.
    if (server.uiPort !== undefined) await metrics?.withFleets(io, target);
    // Whoever reads that it is ready may end it at once.
    const letGo = onStop(() => {
      io.err('stopping: what runs is handed over');
      health.stops();
      worker.stop().catch(() => undefined);
    });
    try {
      await sayReady(io, { target, release }, options);
      if (server.uiPort !== undefined && target.server) await sayUi(io, target.server, server.uiPort);
      if (site === undefined) void sayStore(io, store);
      beside = await server.beside?.(target);
      await worker.ended;
    } finally {
      letGo();
    }
  } finally {
    await listening?.close();
    await beside?.close();
    await metrics?.close();
    if (server.uiPort !== undefined && target?.server?.started) await stopDevServer(target.server.pid);
  }
}

interface Beginning {
  readonly target: TemporalTarget;
  readonly clusters: Clusters | undefined;
  readonly release: Release;
  readonly metrics: OfferedMetrics | undefined;
}

/** Whoever comes first, a worker or a person who starts something, lets Temporal find upgrades by what they are about. */
function begin(
  io: Io,
  { target, clusters, release, metrics }: Beginning,
  { site, giveUpAfter, wait = 0 }: WorkerOptions,
): Promise<LastingWorker> {
  return whileAway(io.err, wait, async () => {
    const { client, close } = await connectClient(target);
    try {
      await requireNamespace(client, target);
      await ensureSearchAttributes(client, io.err);
      // Those that send are the ones that run workflows.
      if (site === undefined) for (const line of await lacksOfFleets(client)) io.err(line);
    } finally {
      await close();
    }
    return telling(
      io.err,
      (waited) => `the worker is being started (${waited} s)`,
      () =>
        startWorker(target, clusters, {
          say: io.err,
          follows: true,
          givesUpAfterMs: giveUpAfter * 1_000,
          ...release,
          ...(metrics ? { aroundActivities: [metrics.aroundActivities] } : {}),
          ...(site === undefined ? {} : { site }),
        }),
    );
  });
}

async function sayReady(
  io: Io,
  { target, release }: Pick<Beginning, 'target' | 'release'>,
  { site }: WorkerOptions,
): Promise<void> {
  io.err(
    `worker ready${site === undefined ? '' : ` for site ${site}`}: Temporal ${target.address}, namespace ${target.namespace}`,
  );
  for (const line of await saidOfRelease(release, target)) io.err(line);
  if (target.encryptsWith === undefined) return;
  io.err(
    `payloads are encrypted with key ${target.encryptsWith}; read them with: threescale-upgrade codec-server`,
  );
}

/** Those that run workflows keep the reports of what ends. */
async function sayStore(io: Io, store: ReportStore): Promise<void> {
  try {
    await store.check();
    io.err(`reports of what ends are kept ${inPlace(store)}`);
  } catch (error) {
    if (!(error instanceof ReportStoreError)) throw error;
    io.err(`warning: reports of what ends cannot be kept: ${error.message}`);
  }
}

/** A server that another command has started is that command’s: it may have no UI, and goes on after this one has ended. */
async function sayUi(io: Io, { started, uiPort }: DevServer, wanted: number): Promise<void> {
  if (uiPort !== undefined) {
    const answers = await listens(uiPort);
    const moved = uiPort === wanted ? '' : ` (not on port ${wanted}: it was started so)`;
    io.err(answers ? `UI: http://127.0.0.1:${uiPort}${moved}` : `the UI does not answer on port ${uiPort}`);
  }
  if (started) return;
  const goesOn = 'and goes on when this ends';
  io.err(
    uiPort === undefined
      ? `the Temporal server ran already, without a UI, ${goesOn}; to have one, type: threescale-upgrade dev --stop && threescale-upgrade dev`
      : `the Temporal server ran already, ${goesOn}; end it with: threescale-upgrade dev --stop`,
  );
}
