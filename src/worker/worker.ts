import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { LogLevel, WorkerOptions } from '@temporalio/worker';
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import type { TenantActivities } from '../../activities/contract.ts';
import { createActivities } from '../../activities/index.ts';
import { createFleetActivities } from '../../activities/fleet.ts';
import { siteTaskQueue, TASK_QUEUE } from '../domain/task-queue.ts';
import { Clusters } from '../openshift/clusters.ts';
import type { TemporalTarget } from '../temporal/connection.ts';
import { ENCODED_FAILURES } from '../temporal/data-converter.ts';

/** A worker that runs in this process. */
export interface RunningWorker {
  /** Finishes or hands over what runs, then resolves. */
  stop(): Promise<void>;
  /** Resolves when it has ended; rejects where it failed. */
  readonly ended: Promise<void>;
}

let installed = false;

/** Once per process, before anything else of the SDK: its own log goes to stderr. */
export function setLogLevel(level: LogLevel): void {
  if (installed) return;
  installed = true;
  Runtime.install({
    logger: new DefaultLogger(level),
    telemetryOptions: { logging: { filter: level === 'DEBUG' ? 'DEBUG' : 'ERROR', forward: {} } },
  });
}

export interface WorkerSettings {
  /** Serves only the clusters of this site, and runs no workflows: these run wherever Temporal is. */
  readonly site?: string;
  readonly activitiesAtOnce?: number;
}

/**
 * The composition root: workflows and activities of one process, on the tool's task queue, or a site's activities.
 * Without clusters it leaves to other workers what only they can do.
 */
export async function startWorker(
  target: TemporalTarget,
  clusters: Clusters | undefined,
  { site, activitiesAtOnce = 100 }: WorkerSettings = {},
): Promise<RunningWorker> {
  return run(target, {
    ...(site === undefined
      ? { taskQueue: TASK_QUEUE, workflowBundle: await bundle(target) }
      : { taskQueue: siteTaskQueue(site) }),
    activities: { ...activitiesOf(clusters), ...createFleetActivities() },
    maxConcurrentActivityTaskExecutions: activitiesAtOnce,
  });
}

/** A worker that lets workflows answer questions, and carries nothing out: it reaches no cluster. */
export async function startAnsweringWorker(target: TemporalTarget): Promise<RunningWorker> {
  return run(target, { taskQueue: TASK_QUEUE, workflowBundle: await bundle(target) });
}

async function run(
  { connectionOptions, namespace, dataConverter }: TemporalTarget,
  options: Omit<WorkerOptions, 'connection' | 'namespace' | 'dataConverter'>,
): Promise<RunningWorker> {
  setLogLevel('ERROR');
  const connection = await NativeConnection.connect(connectionOptions);
  try {
    const worker = await Worker.create({
      ...options,
      connection,
      namespace,
      dataConverter,
      shutdownGraceTime: '2s',
    });
    const ended = worker.run().finally(() => connection.close());
    return {
      ended,
      stop: async () => {
        if (worker.getState() === 'RUNNING') worker.shutdown();
        await ended;
      },
    };
  } catch (error) {
    await connection.close();
    throw error;
  }
}

/** An activity that is not here is tried again until a worker has it that reaches the cluster. */
function activitiesOf(clusters: Clusters | undefined): Partial<TenantActivities> {
  if (clusters) return createActivities(clusters);
  const { findWindow } = createActivities(new Clusters());
  return { findWindow };
}

/**
 * Built once by `npm run build`; made in memory where the sources run. Workflows that encrypt have a bundle of their own:
 * how they write failures is part of it.
 */
async function bundle({
  encryptsWith,
}: TemporalTarget): Promise<{ readonly codePath: string } | { readonly code: string }> {
  const encrypts = encryptsWith !== undefined;
  const name = encrypts ? 'workflow-bundle-encrypted.js' : 'workflow-bundle.js';
  const built = fileURLToPath(new URL(`../../${name}`, import.meta.url));
  if (existsSync(built)) return { codePath: built };
  const { code } = await bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL('../../workflows/index.ts', import.meta.url)),
    ...(encrypts ? { failureConverterPath: ENCODED_FAILURES } : {}),
    logger: new DefaultLogger('ERROR'),
  });
  return { code };
}
