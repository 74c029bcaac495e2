/** 50 tenants of five simulated clusters, two workers, and a Temporal on PostgreSQL under them. */
import type { WorkerProcess } from '../../src/cli/demo/worker-process.ts';
import { startWorkerProcess } from '../../src/cli/demo/worker-process.ts';
import { workflowIdOf } from '../../src/domain/tenant/workflow-id.ts';
import { ScaleFleet, scaleTenants } from '../support/fleet-scale.ts';
import type { Lab } from '../support/lab.ts';
import { openLab } from '../support/lab.ts';
import type { History } from './histories.ts';
import { untilTrue } from './processes.ts';

const TENANTS = 50;
const CLUSTERS = 5;

export class Stand {
  readonly lab: Lab;
  readonly fleet: ScaleFleet;
  readonly workers: WorkerProcess[] = [];

  private constructor(lab: Lab, name: string) {
    this.lab = lab;
    const tenants = scaleTenants(TENANTS, { clusters: CLUSTERS, oneInFails: TENANTS + 1 });
    this.fleet = new ScaleFleet(lab, name, tenants);
  }

  /** Two workers run, if not others are started; every tenant is installed, none is upgraded. */
  static async open(
    name: string,
    temporal: string,
    startWorkers: (stand: Stand) => Promise<unknown> = startTwo,
  ): Promise<Stand> {
    const stand = new Stand(await openLab({ clusters: CLUSTERS, worker: false, temporal }), name);
    await startWorkers(stand);
    await stand.fleet.install();
    await stand.fleet.upgradeReference();
    return stand;
  }

  async startWorker(env: Readonly<Record<string, string>> = {}): Promise<WorkerProcess> {
    const worker = await startWorkerProcess(this.lab.kubeconfig, { ...process.env, ...env });
    this.workers.push(worker);
    return worker;
  }

  /** By its command, as an operator does. */
  async start(): Promise<void> {
    const file = this.fleet.write({ maxConcurrent: 10 });
    const flags = ['-f', file, '--kubeconfig', this.lab.kubeconfig, '--yes', '--no-watch'];
    const { exitCode, stderr } = await this.fleet.cli('start', ...flags, '--why', 'change 4711');
    if (exitCode !== 0) throw new Error(stderr);
  }

  /**
   * This tenant's first write of an image stream will be made, and its answer not come. What is returned waits until then: its
   * worker has it in hand, and will wait for half a minute.
   */
  atWork(namespace: string): () => Promise<void> {
    const lost = this.lab.simulator
      .cluster(this.contextOf(namespace))
      .faults.onRequest(
        { method: 'PATCH', path: new RegExp(`/${namespace}/imagestreams`), times: 1 },
        { kind: 'lost-answer', hang: true },
      );
    return () => untilTrue(() => lost.hits > 0, 50);
  }

  contextOf(namespace: string): string {
    const tenant = this.fleet.tenants.find((one) => one.namespace === namespace);
    if (!tenant) throw new Error(`there is no ${namespace}`);
    return tenant.context;
  }

  /** Of the fleet and its tenants. */
  async histories(): Promise<History[]> {
    const { client, clusters } = this.lab;
    const ids = this.fleet.tenants.map(({ context, namespace }) =>
      workflowIdOf(clusters.tenant(context, namespace)),
    );
    return Promise.all(
      [...ids, this.fleet.handle.workflowId].map(async (id) => {
        const { events } = await client.workflow.getHandle(id).fetchHistory();
        return { id, events: events ?? [] };
      }),
    );
  }

  /** Temporal's own lists lag behind a little: resolves once they count so many. */
  async untilCounted(query: string, count: number): Promise<void> {
    await untilTrue(async () => (await this.lab.client.workflow.count(query)).count === count);
  }

  async close(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.kill()));
    await this.lab.close();
  }
}

const startTwo = (stand: Stand): Promise<unknown> => Promise.all([stand.startWorker(), stand.startWorker()]);
