import type {
  ActivityInterceptorsFactory,
  Logger,
  LogLevel,
  WorkerOptions,
  WorkflowBundleOption,
} from '@temporalio/worker';
import { NativeConnection, Runtime, Worker } from '@temporalio/worker';
import type { TenantActivities } from '../../activities/contract.ts';
import { createActivities } from '../../activities/index.ts';
import { createFleetActivities } from '../../activities/fleet.ts';
import { createNotifyActivities } from '../../activities/notify.ts';
import { createReportActivities } from '../../activities/reports.ts';
import { siteTaskQueue, TASK_QUEUE } from '../domain/tenant/task-queue.ts';
import { Clusters } from '../openshift/clusters.ts';
import type { TemporalTarget } from '../temporal/connection.ts';
import { explainTemporal } from '../temporal/explain.ts';
import { currentTracing } from '../tracing/current.ts';
import { clientWay, workerWay } from '../temporal/way.ts';
import { WatchedConnection } from '../temporal/watched-connection.ts';
import { FreshWorkflows, runToItsEnd } from './fresh-workflows.ts';
import type { Lasting } from './lasting-worker.ts';
import { LastingWorker } from './lasting-worker.ts';
import { sayingItsStep } from './log-fields.ts';
import { plainLogger } from './plain-logger.ts';
import type { Release } from './release.ts';
import { releaseOptions } from './release.ts';
import type { ConnectedWorker, PollingWorker, RunningWorker } from './running-worker.ts';
import { loadWorkflowBundle } from './workflow-bundle.ts';

export type { RunningWorker } from './running-worker.ts';

/** How long Temporal may take to say that it is there. */
const ANSWERS_WITHIN_MS = 5_000;

/** As Prometheus would have them. */
const PROMETHEUS_NAMES = { countersTotalSuffix: true, unitSuffix: true, useSecondsForDurations: true };

let installed = false;

export interface RuntimeOptions {
  /** An address of loopback, with a free port, where the SDK's own metrics are to be had. */
  readonly metricsAt?: string;
  /** Where the SDK's own log goes; absent: to stderr, as lines of text. */
  readonly logger?: Logger;
}

/** Once per process, before anything else of the SDK. */
export function setLogLevel(level: LogLevel, { metricsAt, logger }: RuntimeOptions = {}): void {
  if (installed) return;
  installed = true;
  Runtime.install({
    logger: logger ?? plainLogger(level),
    // Signals are heeded by who runs the process; the SDK would swallow the first one.
    shutdownSignals: [],
    telemetryOptions: {
      logging: { filter: level === 'DEBUG' ? 'DEBUG' : 'ERROR', forward: {} },
      ...(metricsAt === undefined
        ? {}
        : { metrics: { prometheus: { bindAddress: metricsAt, ...PROMETHEUS_NAMES } } }),
    },
  });
}

export interface WorkerSettings extends Lasting, Release {
  /** Serves only the clusters of this site, and runs no workflows: these run wherever Temporal is. */
  readonly site?: string;
  readonly activitiesAtOnce?: number;
  /** Around every activity, the first outermost. */
  readonly aroundActivities?: ActivityInterceptorsFactory[];
}

/**
 * The composition root: workflows and activities of one process, on the tool's task queue, or a site's activities.
 * Without clusters it leaves to other workers what only they can do.
 */
export async function startWorker(
  target: TemporalTarget,
  clusters: Clusters | undefined,
  {
    site,
    activitiesAtOnce = 100,
    aroundActivities = [],
    asRelease,
    deployment,
    ...lasting
  }: WorkerSettings = {},
): Promise<LastingWorker> {
  const options = {
    release: releaseOptions({ asRelease, deployment }),
    ...(site === undefined
      ? { taskQueue: TASK_QUEUE, workflowBundle: await bundleFor(target) }
      : { taskQueue: siteTaskQueue(site) }),
    activities: {
      ...activitiesOf(clusters),
      ...createFleetActivities(),
      ...createReportActivities(),
      ...createNotifyActivities(),
    },
    maxConcurrentActivityTaskExecutions: activitiesAtOnce,
    interceptors: { activity: [sayingItsStep, ...tracesOf(), ...aroundActivities] },
  };
  return LastingWorker.start(target, (there) => run(there, options), lasting);
}

function tracesOf(): ActivityInterceptorsFactory[] {
  const tracing = currentTracing();
  return tracing ? [tracing.aroundActivities] : [];
}

/** A worker that lets workflows take up what they are told, and carries nothing out: it reaches no cluster. */
export async function startHearingWorker(target: TemporalTarget): Promise<RunningWorker> {
  return run(target, { taskQueue: TASK_QUEUE, workflowBundle: await bundleFor(target) });
}

interface Duties extends Partial<WorkerOptions> {
  /** Of the workflows' worker and of the activities' alike. */
  readonly release?: Partial<WorkerOptions>;
  readonly taskQueue: string;
  readonly workflowBundle?: WorkflowBundleOption;
}

/** Workflows and activities have a worker each: that of the workflows is replaced whenever Temporal has been away. */
async function run(target: TemporalTarget, duties: Duties): Promise<ConnectedWorker> {
  setLogLevel('ERROR');
  const { taskQueue, workflowBundle, release, ...activities } = duties;
  const { connectionOptions, namespace, dataConverter } = target;
  const parts: PollingWorker[] = [];
  const opened: { close(): Promise<void> }[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(opened.map((one) => one.close().catch(() => undefined)));
  };
  const stop = async (): Promise<void> => {
    await Promise.all(parts.map((part) => part.stop()));
  };
  const keep = <T extends { close(): Promise<void> }>(connection: T): T => {
    opened.push(connection);
    return connection;
  };
  try {
    const connection = keep(await NativeConnection.connect(workerWay(connectionOptions)));
    const create = (own: Partial<WorkerOptions>): Promise<Worker> =>
      Worker.create({
        ...own,
        ...release,
        taskQueue,
        connection,
        namespace,
        dataConverter,
        shutdownGraceTime: '2s',
        shutdownForceTime: '15s',
      });
    const ask = async (): Promise<void> => {
      await connection.withDeadline(Date.now() + ANSWERS_WITHIN_MS, () =>
        connection.workflowService.describeNamespace({ namespace }),
      );
    };
    if (workflowBundle) {
      const workflows = await FreshWorkflows.start(() => create({ workflowBundle }), ask);
      parts.push(workflows);
      keep(WatchedConnection.open(clientWay(connectionOptions))).watch(() => {
        workflows.forget();
      });
    }
    if (activities.activities) parts.push(lastingToItsEnd(await create(activities)));
    // Where one has failed, none goes on.
    const ended = Promise.all(parts.map((part) => part.ended))
      .then(() => undefined)
      .catch(async (error: unknown) => {
        await stop().catch(() => undefined);
        throw error;
      })
      .finally(close);
    return {
      ended,
      stop: async () => {
        await stop();
        await ended;
      },
      ask,
      get polls() {
        return parts.every((part) => part.polls);
      },
    };
  } catch (error) {
    await stop().catch(() => undefined);
    await close();
    throw explainTemporal(error, target) ?? error;
  }
}

function lastingToItsEnd(worker: Worker): PollingWorker {
  const ended = runToItsEnd(worker);
  return {
    ended,
    get polls() {
      return worker.getState() === 'RUNNING' && worker.getStatus().activityPollerState === 'POLLING';
    },
    stop: async () => {
      if (worker.getState() === 'RUNNING') worker.shutdown();
      await ended;
    },
  };
}

/** An activity that is not here is tried again until a worker has it that reaches the cluster. */
function activitiesOf(clusters: Clusters | undefined): Partial<TenantActivities> {
  if (clusters) return createActivities(clusters);
  const { findWindow } = createActivities(new Clusters());
  return { findWindow };
}

const bundleFor = ({ encryptsWith }: TemporalTarget): Promise<{ readonly code: string }> =>
  loadWorkflowBundle({ encrypts: encryptsWith !== undefined });
