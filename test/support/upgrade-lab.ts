import { randomUUID } from 'node:crypto';
import type { WorkflowHandleWithFirstExecutionRunId } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { WorkflowBundle } from '@temporalio/worker';
import type { TenantActivities } from '../../activities/contract.ts';
import { createNotifyActivities } from '../../activities/notify.ts';
import type { TenantProgress } from '../../src/domain/tenant/progress.ts';
import type { TenantUpgradeInput } from '../../src/domain/tenant/tenant-upgrade.ts';
import { progressQuery } from '../../workflows/tenant/messages.ts';
import type { tenantUpgrade } from '../../workflows/tenant/tenant-upgrade.ts';
import { fakeActivities } from './fake-activities.ts';
import { fakeReports } from './fake-reports.ts';
import { FakeTenant } from './fake-tenant.ts';
import { LabWorker } from './lab-worker.ts';
import { OPERATOR, PATH } from './upgrade-input.ts';
import { bundleWorkflows, createDevEnvironment, createTimeSkippingEnvironment } from './time-skipping.ts';

export type UpgradeHandle = WorkflowHandleWithFirstExecutionRunId<typeof tenantUpgrade>;

export interface LabUpgrade extends Partial<Omit<TenantUpgradeInput, 'tenant'>> {
  readonly tenant?: FakeTenant;
}

export interface StartedUpgrade {
  readonly handle: UpgradeHandle;
  readonly tenant: FakeTenant;
  /** Skips time until the upgrade is as asked for; fails when it ends before. */
  until(reached: (progress: TenantProgress) => boolean): Promise<TenantProgress>;
  /** Skips time until the end. */
  result(): Promise<TenantProgress>;
}

/** A server with one worker, on which upgrades of fake tenants run: as a rule one that skips time. One per test file. */
export class UpgradeLab {
  readonly env: TestWorkflowEnvironment;
  readonly #tenants = new Map<string, FakeTenant>();
  readonly taskQueue = `lab-${randomUUID()}`;
  readonly #worker: LabWorker;
  readonly #server: LabServer;

  private constructor(
    env: TestWorkflowEnvironment,
    bundle: WorkflowBundle,
    findWindow: TenantActivities['findWindow'],
    server: LabServer,
  ) {
    this.env = env;
    this.#server = server;
    this.#worker = new LabWorker({
      connection: env.nativeConnection,
      taskQueue: this.taskQueue,
      workflowBundle: bundle,
      activities: {
        ...fakeActivities(this.#tenants, findWindow),
        ...fakeReports,
        ...createNotifyActivities(),
      },
    });
  }

  static async open(
    findWindow: TenantActivities['findWindow'] = noWindows,
    server: LabServer = 'time-skipping',
  ): Promise<UpgradeLab> {
    const create = server === 'dev' ? createDevEnvironment : createTimeSkippingEnvironment;
    const [env, bundle] = await Promise.all([create(), bundleWorkflows()]);
    const lab = new UpgradeLab(env, bundle, findWindow, server);
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

  async start({ tenant = new FakeTenant(), ...input }: LabUpgrade = {}): Promise<StartedUpgrade> {
    const namespace = `tenant-${this.#tenants.size}`;
    this.#tenants.set(namespace, tenant);
    const handle = await this.env.client.workflow.start<typeof tenantUpgrade>('tenantUpgrade', {
      taskQueue: this.taskQueue,
      workflowId: `upgrade/sim1/${namespace}`,
      args: [
        {
          tenant: { cluster: 'sim1.example.com', context: 'sim1', namespace },
          path: PATH,
          windows: { windows: [], freezes: [] },
          onFailure: 'revert',
          startedBy: OPERATOR,
          retries: { transientAttempts: 3, outcomeAttempts: 2 },
          ...input,
        },
      ],
    });
    return {
      handle,
      tenant,
      until: (reached) => this.#until(handle, reached),
      result: () => handle.result(),
    };
  }

  async #until(
    handle: UpgradeHandle,
    reached: (progress: TenantProgress) => boolean,
  ): Promise<TenantProgress> {
    for (let tries = 0; tries < 1_000; tries += 1) {
      const progress = await handle.query(progressQuery);
      if (reached(progress)) return progress;
      if (progress.endedAt) throw new Error(`it ended before: ${progress.state}`);
      await this.env.sleep(this.#server === 'dev' ? 100 : '10s');
    }
    throw new Error('it did not get there');
  }
}

/** The dev server is a real one: for what the time-skipping server does not do. */
export type LabServer = 'time-skipping' | 'dev';

function noWindows(): Promise<never> {
  return Promise.reject(new Error('without windows nobody has to be asked'));
}
