import { randomUUID } from 'node:crypto';
import type { WorkflowHandle, WorkflowHandleWithFirstExecutionRunId } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { WorkflowBundle } from '@temporalio/worker';
import type { FleetActivities } from '../../activities/fleet-contract.ts';
import { createFleetActivities } from '../../activities/fleet.ts';
import { createNotifyActivities } from '../../activities/notify.ts';
import type { FleetResult } from '../../src/domain/fleet/fleet-upgrade.ts';
import type { FleetSpec } from '../../src/domain/fleet/spec/spec.ts';
import { at, fleetWorkflowId } from '../../src/domain/fleet/spec/spec.ts';
import type { FleetState } from '../../src/domain/fleet/tenant/entry.ts';
import type { FleetTenantState } from '../../src/domain/fleet/tenant/states.ts';
import type { FleetProgress } from '../../src/domain/fleet/show/progress.ts';
import type { TenantLine } from '../../src/domain/fleet/show/tenant-lines.ts';
import type { TenantProgress } from '../../src/domain/tenant/progress.ts';
import { workflowIdOf } from '../../src/domain/tenant/workflow-id.ts';
import { findWindow } from '../../src/domain/windows/find-window.ts';
import { createDataConverter } from '../../src/temporal/codec/data-converter.ts';
import { EncryptionKeys } from '../../src/temporal/codec/encryption-keys.ts';
import { fleetProgressQuery, fleetTenantsQuery } from '../../workflows/fleet/messages.ts';
import type { fleetUpgrade } from '../../workflows/fleet/fleet-upgrade.ts';
import { progressQuery } from '../../workflows/tenant/messages.ts';
import type { tenantUpgrade } from '../../workflows/tenant/tenant-upgrade.ts';
import { fakeActivities } from './fake-activities.ts';
import { fakeReports } from './fake-reports.ts';
import { FakeTenant } from './fake-tenant.ts';
import type { FleetOptions } from './fleet-spec.ts';
import { fleetSpec } from './fleet-spec.ts';
import { LabWorker } from './lab-worker.ts';
import { whileTimeSkips } from './skipped-time.ts';
import { bundleWorkflows, createDevEnvironment, createTimeSkippingEnvironment } from './time-skipping.ts';
import { OPERATOR } from './upgrade-input.ts';

export type FleetHandle = WorkflowHandleWithFirstExecutionRunId<typeof fleetUpgrade>;

export interface LabOptions {
  /** For fleets that continue as new or whose children are ended from outside; see whileTimeSkips. */
  readonly letsGo?: boolean;
  /** `dev`: Temporal's own, whose time does not skip. */
  readonly server?: 'time-skipping' | 'dev';
  /** `cheap`: upgraded at once (cheap/index.ts). */
  readonly tenants?: 'real' | 'cheap';
  /** Its first one encrypts everything. */
  readonly keys?: EncryptionKeys;
  /** In the place of the fleet's own. */
  readonly fleetActivities?: (own: FleetActivities) => Partial<FleetActivities>;
}

/** From a run's beginning to its end. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** How many of these ran at once, at most. */
export function mostAtOnce(spans: readonly Span[]): number {
  const counts = spans.map(
    ({ fromMs: ms }) => spans.filter(({ fromMs, toMs }) => fromMs <= ms && ms < toMs).length,
  );
  return Math.max(0, ...counts);
}

export interface StartedFleet {
  readonly handle: FleetHandle;
  readonly spec: FleetSpec;
  tenant(namespace: string): FakeTenant;
  progress(): Promise<FleetProgress>;
  lines(): Promise<TenantLine[]>;
  states(): Promise<Record<string, FleetTenantState>>;
  /** The progress of one tenant's own workflow. */
  tenantProgress(namespace: string): Promise<TenantProgress>;
  /** When each tenant's newest run began and ended, ms; by its namespace. Of those that have ended. */
  spans(): Promise<Record<string, Span>>;
  /** Skips time until the fleet is as asked for; fails when it ends before. */
  until(reached: (progress: FleetProgress) => boolean, step?: string): Promise<FleetProgress>;
  /** Skips time until the end. */
  result(): Promise<FleetResult>;
}

/** A time-skipping server with a worker, on which fleets of fake tenants run. One per test file. */
export class FleetLab {
  readonly env: TestWorkflowEnvironment;
  readonly taskQueue = `fleet-${randomUUID()}`;
  /** By namespace, which every fleet of a lab has for itself. */
  readonly #tenants = new Map<string, FakeTenant>();
  #fleets = 0;
  readonly #worker: LabWorker;
  readonly #letsGo: boolean;

  private constructor(
    env: TestWorkflowEnvironment,
    bundle: WorkflowBundle,
    dataConverter: DataConverter,
    { letsGo = false, fleetActivities = () => ({}) }: LabOptions,
  ) {
    this.env = env;
    this.#letsGo = letsGo;
    const own = createFleetActivities();
    this.#worker = new LabWorker({
      connection: env.nativeConnection,
      taskQueue: this.taskQueue,
      workflowBundle: bundle,
      dataConverter,
      activities: {
        ...fakeActivities(this.#tenants, ({ policy, neededMs, atMs }) =>
          Promise.resolve(findWindow(policy, neededMs, atMs)),
        ),
        ...own,
        ...fakeReports,
        ...createNotifyActivities(),
        ...fleetActivities(own),
      },
    });
  }

  static async open(options: LabOptions = {}): Promise<FleetLab> {
    const { server = 'time-skipping', tenants = 'real', keys = new EncryptionKeys() } = options;
    const dataConverter = createDataConverter(keys);
    const bundle = await bundleWorkflows(tenants === 'cheap' ? './cheap/index.ts' : undefined, {
      encrypts: keys.current !== undefined,
    });
    const create = server === 'dev' ? createDevEnvironment : createTimeSkippingEnvironment;
    const env = await create({ dataConverter });
    const lab = new FleetLab(env, bundle, dataConverter, options);
    await lab.startWorker();
    return lab;
  }

  async close(): Promise<void> {
    await this.stopWorker();
    await this.env.teardown();
  }

  startWorker(options: { readonly maxCachedWorkflows?: number } = {}): Promise<void> {
    return this.#worker.start(options);
  }

  stopWorker(): Promise<void> {
    return this.#worker.stop();
  }

  /** Namespaces get a prefix of their fleet: `a` is `f3-a` in the third fleet. */
  async start(
    options: FleetOptions,
    more: {
      readonly continueAfter?: number;
      readonly prepare?: (tenant: (namespace: string) => FakeTenant) => void;
      readonly name?: string;
      readonly prefix?: string;
      /** The memory of a fleet that has ended. */
      readonly state?: FleetState;
    } = {},
  ): Promise<StartedFleet> {
    this.#fleets += 1;
    const {
      name = `fleet-${this.#fleets}`,
      prefix = `f${this.#fleets}-`,
      prepare,
      continueAfter,
      state,
    } = more;
    const spec = fleetSpec(options, { name, prefix });
    this.addTenants(spec);
    const tenant = (namespace: string): FakeTenant => this.tenant(prefix + namespace);
    prepare?.(tenant);
    const handle = await this.env.client.workflow.start<typeof fleetUpgrade>('fleetUpgrade', {
      taskQueue: this.taskQueue,
      workflowId: fleetWorkflowId(name),
      args: [
        {
          spec,
          startedBy: OPERATOR,
          visible: false,
          ...(continueAfter === undefined ? {} : { continueAfter }),
          ...(state ? { state } : {}),
        },
      ],
    });
    const lines = (): Promise<TenantLine[]> => handle.query(fleetTenantsQuery);
    const progress = (): Promise<FleetProgress> => handle.query(fleetProgressQuery);
    return {
      handle,
      spec,
      tenant,
      progress,
      lines,
      states: async () => this.#statesOf(await lines(), prefix),
      tenantProgress: (namespace) => {
        return this.upgrade(spec, prefix + namespace).query(progressQuery);
      },
      spans: () => this.#spansOf(spec, prefix),
      until: (reached, step = '10s') => this.#until(handle, reached, step),
      result: () => this.#skipping(handle.result()),
    };
  }

  /** Skips so much time: `10s`, `5 days`, or ms. */
  sleep(duration: number | string): Promise<void> {
    return this.#skipping(this.env.sleep(duration as '10s'));
  }

  #skipping<T>(waits: Promise<T>): Promise<T> {
    if (!this.env.supportsTimeSkipping) return waits;
    return whileTimeSkips(this.env, this.#worker, waits, this.#letsGo);
  }

  /** The workflow of one tenant of this fleet; its newest run. */
  upgrade({ clusters, tenants }: FleetSpec, namespace: string): WorkflowHandle<typeof tenantUpgrade> {
    const tenant = tenants.find((one) => one.namespace === namespace);
    const { cluster, context } = at(clusters, tenant?.cluster ?? -1);
    return this.env.client.workflow.getHandle(workflowIdOf({ cluster, context, namespace }));
  }

  tenant(namespace: string): FakeTenant {
    const tenant = this.#tenants.get(namespace);
    if (!tenant) throw new Error(`there is no tenant ${namespace}`);
    return tenant;
  }

  addTenants({ tenants }: FleetSpec): void {
    for (const { namespace } of tenants) {
      if (!this.#tenants.has(namespace)) this.#tenants.set(namespace, new FakeTenant());
    }
  }

  async #spansOf(spec: FleetSpec, prefix: string): Promise<Record<string, Span>> {
    const spans = await Promise.all(
      spec.tenants.map(async ({ namespace }) => {
        const { startedAt, endedAt } = await this.upgrade(spec, namespace).query(progressQuery);
        const span = { fromMs: Date.parse(startedAt), toMs: Date.parse(endedAt ?? '') };
        return [namespace.slice(prefix.length), span] as const;
      }),
    );
    return Object.fromEntries(spans);
  }

  #statesOf(lines: readonly TenantLine[], prefix: string): Record<string, FleetTenantState> {
    return Object.fromEntries(
      lines.map(({ tenant, state }) => [tenant.namespace.slice(prefix.length), state]),
    );
  }

  async #until(
    handle: FleetHandle,
    reached: (progress: FleetProgress) => boolean,
    step: string,
  ): Promise<FleetProgress> {
    let progress: FleetProgress | undefined;
    for (let tries = 0; tries < 400; tries += 1) {
      progress = await handle.query(fleetProgressQuery);
      if (reached(progress)) return progress;
      if (progress.phase === 'ended') throw new Error(`it ended before: ${JSON.stringify(progress.counts)}`);
      await this.sleep(step);
    }
    throw new Error(`it did not get there: ${JSON.stringify(progress?.counts)}, ${progress?.phase ?? ''}`);
  }
}
