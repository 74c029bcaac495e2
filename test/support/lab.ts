import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client, WorkflowHandle } from '@temporalio/client';
import type { Cluster } from '../../simulator/cluster.ts';
import type { Simulator, SimulatorOptions } from '../../simulator/index.ts';
import { startSimulator } from '../../simulator/index.ts';
import type { PathOptions } from '../../src/domain/paths/upgrade-path.ts';
import type { TenantProgress } from '../../src/domain/tenant/progress.ts';
import { isFinal } from '../../src/domain/tenant/progress.ts';
import { TASK_QUEUE } from '../../src/domain/tenant/task-queue.ts';
import type { TenantUpgradeInput } from '../../src/domain/tenant/tenant-upgrade.ts';
import { workflowIdOf } from '../../src/domain/tenant/workflow-id.ts';
import { Clusters } from '../../src/openshift/clusters.ts';
import type { TemporalTarget } from '../../src/temporal/connection.ts';
import { connectClient, findTemporal } from '../../src/temporal/connection.ts';
import { stopDevServer } from '../../src/temporal/dev-server/dev-server.ts';
import { KEY_FILE_SETTING } from '../../src/temporal/codec/encryption-keys.ts';
import type { RunningWorker } from '../../src/worker/worker.ts';
import { startWorker } from '../../src/worker/worker.ts';
import type { ActivityName } from './activity-hooks.ts';
import { ActivityHooks } from './activity-hooks.ts';
import { soonUnreachable } from './soon-unreachable.ts';
import { pathFor } from './upgrade-input.ts';
import type { tenantUpgrade } from '../../workflows/tenant/tenant-upgrade.ts';
import { progressQuery } from '../../workflows/tenant/messages.ts';

export type Handle = WorkflowHandle<typeof tenantUpgrade>;

/** Fast enough for hundreds of rollouts, slow enough to be seen running. */
const TIMING = { rolloutMs: 40, hookMs: 20, importMs: 10, terminationMs: 5 };

/** Simulated clusters, a Temporal (a dev server of its own, if it is not told of another), and a worker in this process. */
export interface Lab {
  readonly simulator: Simulator;
  readonly cluster: Cluster;
  readonly clusters: Clusters;
  readonly kubeconfig: string;
  readonly folder: string;
  readonly target: TemporalTarget;
  readonly client: Client;
  /** Called once, when the activity is about to begin, which waits for it; only of the lab's own worker. */
  before(activity: ActivityOfTenant, act: (handle: Handle) => Promise<void>): void;
  /** `by`: by another client than the lab's own. */
  start(namespace: string, options?: UpgradeOptions, by?: Client): Promise<Handle>;
  /** Starts an upgrade and waits until it ends or is held. */
  upgrade(namespace: string, options?: UpgradeOptions): Promise<TenantProgress>;
  close(): Promise<void>;
}

/** By its step, or its type. */
export type ActivityOfTenant = ActivityName & {
  readonly context?: string | undefined;
  readonly namespace: string;
};

export interface UpgradeOptions extends Partial<Omit<TenantUpgradeInput, 'tenant' | 'path'>> {
  readonly path?: PathOptions;
  readonly context?: string;
}

export interface LabOptions extends SimulatorOptions {
  readonly worker?: boolean;
  /** How long a silent API is waited for. */
  readonly deadlineMs?: number;
  /** How often the lab's own worker asks a silent cluster, in the place of what the upgrade was started with. */
  readonly unreachableAttempts?: number;
  /** Everything that this process and its commands send is encrypted with its keys. */
  readonly keyFile?: string;
  /** Address of a Temporal that is there already, in the place of a dev server. */
  readonly temporal?: string;
}

export async function openLab(options: LabOptions = {}): Promise<Lab> {
  const folder = mkdtempSync(join(tmpdir(), 'threescale-upgrade-test-'));
  process.env['THREESCALE_UPGRADE_HOME'] = join(folder, 'home');
  process.env['TEMPORAL_CONFIG_FILE'] = join(folder, 'none.toml');
  if (options.temporal === undefined) Reflect.deleteProperty(process.env, 'TEMPORAL_ADDRESS');
  else process.env['TEMPORAL_ADDRESS'] = options.temporal;
  Reflect.deleteProperty(process.env, KEY_FILE_SETTING);
  if (options.keyFile !== undefined) process.env[KEY_FILE_SETTING] = options.keyFile;
  const simulator = await startSimulator({ timing: TIMING, ...options });
  const kubeconfig = join(folder, 'kubeconfig.yaml');
  await simulator.writeKubeconfig(kubeconfig);
  const clusters = new Clusters(kubeconfig, { deadlineMs: options.deadlineMs });
  const target = await findTemporal(() => undefined);
  const { client, close } = await connectClient(target);
  const hooks = new ActivityHooks();
  const { unreachableAttempts: attempts } = options;
  const aroundActivities = [
    hooks.interceptors,
    ...(attempts === undefined ? [] : [soonUnreachable(attempts)]),
  ];
  const worker: RunningWorker | undefined =
    options.worker === false ? undefined : await startWorker(target, clusters, { aroundActivities });

  async function start(namespace: string, given: UpgradeOptions = {}, by = client): Promise<Handle> {
    const { path, context = 'sim1', ...more } = given;
    const tenant = clusters.tenant(context, namespace);
    const input: TenantUpgradeInput = {
      tenant,
      path: pathFor(path),
      windows: { windows: [], freezes: [] },
      onFailure: 'revert',
      startedBy: { by: 'test', why: 'to see it' },
      retries: { transientAttempts: 5, outcomeAttempts: 2 },
      ...more,
    };
    return by.workflow.start<typeof tenantUpgrade>('tenantUpgrade', {
      workflowId: workflowIdOf(tenant),
      taskQueue: TASK_QUEUE,
      args: [input],
    });
  }

  return {
    simulator,
    cluster: simulator.cluster('sim1'),
    clusters,
    kubeconfig,
    folder,
    target,
    client,
    before: ({ context = 'sim1', namespace, ...activity }, act) => {
      const workflowId = workflowIdOf(clusters.tenant(context, namespace));
      hooks.set(workflowId, activity, () => act(client.workflow.getHandle(workflowId)));
    },
    start,
    upgrade: async (namespace, given) => settled(await start(namespace, given)),
    close: async () => {
      await worker?.stop();
      await close();
      await clusters.close();
      await stopDevServer();
      await simulator.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Waits until the upgrade is as `reached` wants it, has ended, or is held. */
export function until(
  handle: Handle,
  reached: (progress: TenantProgress) => boolean,
): Promise<TenantProgress> {
  return lookEvery(50, handle, reached);
}

/** Waits until the upgrade has ended or is held. Neither goes by unseen: it looks seldom, for every look costs a worker's time. */
export function settled(handle: Handle): Promise<TenantProgress> {
  return lookEvery(250, handle, () => false);
}

async function lookEvery(
  ms: number,
  handle: Handle,
  reached: (progress: TenantProgress) => boolean,
): Promise<TenantProgress> {
  for (;;) {
    const progress = await handle.query(progressQuery).catch(() => undefined);
    if (progress && (reached(progress) || isFinal(progress.state) || progress.state === 'held'))
      return progress;
    await new Promise((resolve) => setTimeout(resolve, ms));
  }
}
