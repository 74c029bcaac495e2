import type { TenantRef } from '../domain/tenant/tenant.ts';
import { tenantName } from '../domain/tenant/tenant.ts';
import { workflowIdOf } from '../domain/tenant/workflow-id.ts';
import type { Execution } from '../temporal/executions.ts';
import { describeExecution } from '../temporal/executions.ts';
import type { Session } from './session.ts';

/** What Temporal shows to anybody of an upgrade whose history cannot be read here. */
export interface Known {
  readonly tenant: TenantRef;
  /** As the upgrade has shown it last; absent where it shows nothing. */
  readonly state?: string;
  readonly path?: string;
  readonly runId: string;
  readonly startedAt: string;
  readonly endedAt?: string;
  /** Why there is no more. */
  readonly unknown: string;
}

/** Undefined where there is no upgrade. */
export async function knownOf(
  { client }: Session,
  tenant: TenantRef,
  unknown: string,
): Promise<Known | undefined> {
  const execution = await describeExecution(client, workflowIdOf(tenant));
  return execution && knownFrom(execution, tenant, unknown);
}

export function knownFrom(
  { runId, startedAt, endedAt, attributes }: Execution,
  tenant: TenantRef,
  unknown: string,
): Known {
  const { ThreescaleState: state, ThreescalePath: path } = attributes;
  return {
    tenant,
    ...(state === undefined ? {} : { state }),
    ...(path === undefined ? {} : { path }),
    runId,
    startedAt,
    ...(endedAt === undefined ? {} : { endedAt }),
    unknown,
  };
}

/** What is known, and what is not. */
export function renderKnown({ tenant, state, path, startedAt, endedAt, unknown }: Known): string {
  return [
    `${tenantName(tenant)}  ${path?.replace('-', ' → ') ?? ''}  ${state ?? 'state unknown'}`,
    `  started ${startedAt}${endedAt === undefined ? '' : `, ended ${endedAt}`}`,
    `  steps, failures and decisions are not known here: ${unknown}`,
  ].join('\n');
}
