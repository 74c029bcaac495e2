import { createHash } from 'node:crypto';
import type { Client, WorkflowHandle } from '@temporalio/client';
import { WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/client';
import type { HeldStatus, TenantProgress } from '../../src/domain/tenant/progress.ts';
import { attributesOfTenant } from '../../src/domain/tenant/search-attributes.ts';
import type { ResolvedPath } from '../../src/domain/tenant/step.ts';
import { TASK_QUEUE } from '../../src/domain/tenant/task-queue.ts';
import type { TenantUpgradeInput } from '../../src/domain/tenant/tenant-upgrade.ts';
import { progressQuery } from '../../workflows/tenant/messages.ts';
import { pairsOf } from '../../workflows/search-attributes.ts';
import type { tenantUpgrade } from '../../workflows/tenant/tenant-upgrade.ts';
import type { Paths } from '../build/build.ts';
import type { Said, Tenant } from './tenant.ts';

export type Handle = WorkflowHandle<typeof tenantUpgrade>;

export const IMPERSONATION_SOURCE = 'threescale-upgrade-impersonation';

export function pathOf(
  { PATHS, resolvePath }: Paths,
  { impersonation }: Pick<Tenant, 'impersonation'>,
): ResolvedPath {
  const [path] = PATHS;
  if (!path) throw new Error('there is no path');
  const options = impersonation ? { impersonation: { fromSecret: IMPERSONATION_SOURCE } } : {};
  return resolvePath(path, options, (text) => createHash('sha256').update(text).digest('hex').slice(0, 12));
}

/** The person who starts upgrades, sends them messages and decides: everything by Temporal, as the command line does. */
export class Operator {
  readonly #client: Client;
  readonly #paths: Paths;

  constructor(client: Client, paths: Paths) {
    this.#client = client;
    this.#paths = paths;
  }

  handle({ workflowId }: Tenant): Handle {
    return this.#client.workflow.getHandle<typeof tenantUpgrade>(workflowId);
  }

  /** As `start` does: where it runs already, nothing happens. */
  async start(tenant: Tenant): Promise<void> {
    const { site, namespace, workflowId, onFailure } = tenant;
    const path = pathOf(this.#paths, tenant);
    const ref = { cluster: `127.0.0.1:${site.wire.port}`, context: site.context, namespace };
    const input: TenantUpgradeInput = {
      tenant: ref,
      path,
      windows: { windows: [], freezes: [] },
      onFailure,
      startedBy: { by: 'starter', why: 'the campaign' },
      retries: { transientAttempts: 6, outcomeAttempts: 2 },
      visible: true,
    };
    try {
      await this.#client.workflow.start<typeof tenantUpgrade>('tenantUpgrade', {
        workflowId,
        taskQueue: TASK_QUEUE,
        args: [input],
        typedSearchAttributes: pairsOf(attributesOfTenant(ref, path)),
      });
      tenant.starts += 1;
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    }
  }

  /** Undefined where nobody answers now, or there is no such upgrade. */
  async progress(tenant: Tenant): Promise<TenantProgress | undefined> {
    try {
      return await this.handle(tenant).query(progressQuery);
    } catch {
      return undefined;
    }
  }

  async isThere(tenant: Tenant): Promise<boolean> {
    try {
      await this.handle(tenant).describe();
      return true;
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return false;
      throw error;
    }
  }

  async decide(tenant: Tenant, held: HeldStatus, decision: 'retry' | 'revert' | 'abandon'): Promise<void> {
    const said = note(tenant, decision);
    const { during, failure } = held;
    said.endsRevert = decision === 'retry' && during === 'revert' && failure.type === 'AlreadyCrossed';
    const message = {
      ...actor(said),
      ...(decision === 'retry' ? { step: held.stepId } : {}),
      ...(decision === 'revert' ? { confirm: tenant.namespace } : {}),
    };
    try {
      await this.handle(tenant).executeUpdate<string, [typeof message]>(decision, { args: [message] });
    } catch (error) {
      said.refused =
        error instanceof Error ? (error.cause instanceof Error ? error.cause.message : error.message) : '';
    }
  }

  async signal(tenant: Tenant, name: 'pause' | 'resume' | 'abort'): Promise<void> {
    const said = note(tenant, name);
    try {
      await this.handle(tenant).signal(name, actor(said));
    } catch (error) {
      said.refused = error instanceof Error ? error.message : '';
    }
  }

  async cancel(tenant: Tenant): Promise<void> {
    const said = note(tenant, 'cancel');
    await this.handle(tenant)
      .cancel()
      .catch((error: unknown) => (said.refused = String(error)));
  }
}

function note(tenant: Tenant, what: string): Said {
  const said: Said = { at: Date.now(), what, by: `op-${tenant.said.length}` };
  tenant.said.push(said);
  return said;
}

const actor = ({ by, what }: Said): { by: string; why: string } => ({ by, why: `the campaign: ${what}` });
