import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WorkflowHandle } from '@temporalio/client';
import { startSimulator } from '../../../simulator/index.ts';
import { pauseSignal, progressQuery, resumeSignal } from '../../../workflows/tenant/messages.ts';
import type { tenantUpgrade } from '../../../workflows/tenant/tenant-upgrade.ts';
import type { TenantProgress } from '../../domain/tenant/progress.ts';
import type { Listening } from '../../http-listening.ts';
import { isFinal } from '../../domain/tenant/progress.ts';
import { TASK_QUEUE } from '../../domain/tenant/task-queue.ts';
import { DEFAULT_RETRY_LIMITS } from '../../domain/tenant/tenant-upgrade.ts';
import { workflowIdOf } from '../../domain/tenant/workflow-id.ts';
import { connectClient, findTemporal } from '../../temporal/connection.ts';
import { stopDevServer } from '../../temporal/dev-server/dev-server.ts';
import { CliError } from '../cli-error.ts';
import { EXIT } from '../exit-codes.ts';
import { KEY_FILE_SETTING } from '../../temporal/codec/encryption-keys.ts';
import type { Io } from '../io.ts';
import { upgradeRequest } from '../tenant/request.ts';
import { onStop, untilStopped } from '../stop-signals.ts';
import type { CreateProgram } from './fleet.ts';
import { runFleet } from './fleet.ts';
import { printProof, printStatements, prove } from './proof.ts';
import { Story } from './story.ts';
import { takeSnapshot } from './snapshot.ts';
import type { WorkerProcess } from './worker-process.ts';
import { startWorkerProcess } from './worker-process.ts';

const UPGRADED = 'tenant-1';
const REVERTED = 'tenant-2';
const CLUSTER = 'sim1';

/** Long enough to watch, short enough to wait for. */
const TIMING = { rolloutMs: 1_200, hookMs: 800, importMs: 300, terminationMs: 1_000 };
const BROKEN_IMAGE = 'registry.access.redhat.com/3scale-amp24/zync';

interface Demo {
  readonly io: Io;
  /** A vendor template to install the tenants from, instead of our own description. */
  readonly template?: string;
  readonly createProgram: CreateProgram;
  /** Serves the desk meanwhile. */
  readonly ui?: boolean;
  /** The same, and goes on until it is told to stop. */
  readonly keep?: boolean;
  readonly deskPort: number;
}

/**
 * The whole product against simulated clusters: one tenant upgraded through a killed worker and a pause, one reverted
 * for an image that cannot be imported; then a small fleet. True only where all that it promises was seen.
 */
export async function runDemo({ io, template, createProgram, ui, keep, deskPort }: Demo): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'threescale-upgrade-demo-'));
  const env = isolatedEnvironment(folder);
  const story = new Story(io);
  const simulator = await startSimulator({
    clusters: 2,
    timing: TIMING,
    ...(template === undefined ? {} : { template }),
  });
  const ours: { worker?: WorkerProcess; desk?: Listening } = {};
  const perform = async (): Promise<boolean> => {
    const cluster = simulator.cluster(CLUSTER);
    for (const tenant of [UPGRADED, REVERTED]) await simulator.install(CLUSTER, tenant);
    cluster.faults.onWork('import', {
      namespace: REVERTED,
      name: BROKEN_IMAGE,
      reason: 'NotFound',
      message: `dockerimage.image.openshift.io "${BROKEN_IMAGE}:latest" not found`,
    });
    const kubeconfig = join(folder, 'kubeconfig.yaml');
    await simulator.writeKubeconfig(kubeconfig);
    story.tell(
      `Two simulated OpenShift clusters, the first one with two 3scale 2.3 tenants, from ${template ?? 'our own description'}`,
    );
    const before = takeSnapshot(cluster, REVERTED);
    cluster.audit.clear();
    cluster.availability.reset();

    const target = await findTemporal((line) => {
      story.tell(line);
    });
    const { client, close } = await connectClient(target);
    if (ui || keep) {
      const { openLocalDesk } = await import('../actions/ui.ts');
      ours.desk = await openLocalDesk(io, target, {
        port: deskPort,
        allowActions: keep === true,
        kubeconfig,
      });
    }
    ours.worker = await startWorkerProcess(kubeconfig, env);
    story.tell(`A worker, in a process of its own (${ours.worker.pid})`);

    const start = async (namespace: string): Promise<WorkflowHandle<typeof tenantUpgrade>> => {
      const { tenant, path, choices, clusters } = upgradeRequest({
        logs: true,
        kubeconfig,
        context: CLUSTER,
        namespace,
        image: {},
      });
      await clusters.close();
      const { windows, onFailure } = choices;
      const startedBy = { by: 'demo', why: `to show an upgrade of ${namespace}` };
      return client.workflow.start<typeof tenantUpgrade>('tenantUpgrade', {
        workflowId: workflowIdOf(tenant),
        taskQueue: TASK_QUEUE,
        args: [{ tenant, path, windows, onFailure, startedBy, retries: DEFAULT_RETRY_LIMITS }],
      });
    };
    const startedAt = Date.now();
    const first = await start(UPGRADED);
    const second = await start(REVERTED);
    const until = (
      handle: WorkflowHandle<typeof tenantUpgrade>,
      reached: (progress: TenantProgress) => boolean,
    ): Promise<TenantProgress> => watch(handle, story, reached);
    const reverted = until(second, ({ state }) => isFinal(state));
    reverted.catch(() => undefined);

    await until(first, (progress) => isDone(progress, 'create-master-route'));
    await ours.worker.kill();
    story.event(`SIGKILL for the worker ${ours.worker.pid}, in the middle of it: nothing runs now`);
    await sleep(1_000);
    ours.worker = await startWorkerProcess(kubeconfig, env);
    story.event(`A new worker (${ours.worker.pid}): it goes on exactly where the other one stopped`);

    await until(first, ({ state }) => state === 'switching');
    await first.signal(pauseSignal, { by: 'demo', why: 'to show a pause' });
    story.event('Paused, in the middle of the switch: what rolls is finished, nothing else begins');
    await until(
      first,
      ({ steps, paused }) => paused !== undefined && !steps.some(({ status }) => status === 'running'),
    );
    await sleep(1_500);
    await first.signal(resumeSignal, { by: 'demo', why: 'seen enough' });
    story.event('Resumed');

    const ends = [await until(first, ({ state }) => isFinal(state)), await reverted] as const;
    const events = await Promise.all(
      [first, second].map(async (handle) => (await handle.fetchHistory()).events?.length ?? 0),
    );
    await cluster.settle();
    const proof = prove(cluster, ends, { before, events, wallMs: Date.now() - startedAt });
    const held = printProof(io, proof);

    story.chapter('And now a fleet: six tenants on both clusters, in three waves');
    process.env.KUBECONFIG = kubeconfig;
    const statements = await runFleet({
      ...{ io, createProgram, session: { io, target, client } },
      ...{ simulator, story, folder },
    });
    await close();
    return printStatements(io, statements) && held;
  };
  const { interrupted, letGo } = untilInterrupted();
  try {
    const isShown = await Promise.race([perform(), interrupted]);
    letGo();
    if (keep) {
      story.event('All is shown. It goes on until it is told to stop (Ctrl-C); the page shows it');
      await untilStopped();
    }
    return isShown;
  } finally {
    letGo();
    await ours.desk?.close();
    await ours.worker?.kill();
    await stopDevServer();
    await simulator.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Rejects at the first signal: what the demo has started goes with it. */
function untilInterrupted(): { readonly interrupted: Promise<never>; readonly letGo: () => void } {
  const { promise, reject } = Promise.withResolvers<never>();
  const letGo = onStop(() => {
    reject(new CliError('the demo was interrupted', { exitCode: EXIT.interrupted }));
  });
  return { interrupted: promise, letGo };
}

/** A Temporal of its own, whatever this machine is configured for: nothing is left behind. */
function isolatedEnvironment(folder: string): NodeJS.ProcessEnv {
  for (const name of ['TEMPORAL_ADDRESS', 'TEMPORAL_PROFILE', 'TEMPORAL_NAMESPACE', KEY_FILE_SETTING])
    Reflect.deleteProperty(process.env, name);
  process.env.TEMPORAL_CONFIG_FILE = join(folder, 'none.toml');
  process.env.THREESCALE_UPGRADE_HOME = join(folder, 'home');
  return { ...process.env };
}

const isDone = ({ steps }: TenantProgress, id: string): boolean =>
  steps.some((step) => step.id === id && (step.status === 'done' || step.status === 'unchanged'));

/** Tells every change until it is reached; bears that nobody answers while no worker runs. */
async function watch(
  handle: WorkflowHandle<typeof tenantUpgrade>,
  story: Story,
  reached: (progress: TenantProgress) => boolean,
): Promise<TenantProgress> {
  for (;;) {
    const progress = await handle.query(progressQuery).catch(() => undefined);
    if (progress) {
      story.show(progress);
      if (reached(progress)) return progress;
      if (isFinal(progress.state) || progress.state === 'held')
        throw new Error(
          `${progress.tenant.namespace} is ${progress.state}: ${progress.held?.failure.message ?? progress.findings.map(({ message }) => message).join('; ')}`,
        );
    }
    await sleep(100);
  }
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
