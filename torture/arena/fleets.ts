import type { Client } from '@temporalio/client';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import type { FleetResult, FleetUpgradeInput } from '../../src/domain/fleet/fleet-upgrade.ts';
import type { FleetSpec } from '../../src/domain/fleet/spec/spec.ts';
import { DEFAULT_FLEET_ESTIMATE, fleetWorkflowId } from '../../src/domain/fleet/spec/spec.ts';
import type { FleetProgress } from '../../src/domain/fleet/show/progress.ts';
import { TASK_QUEUE } from '../../src/domain/tenant/task-queue.ts';
import { approveWaveUpdate, fleetProgressQuery, resumeFleetSignal } from '../../workflows/fleet/messages.ts';
import { pairsOf } from '../../workflows/search-attributes.ts';
import { pathOf } from './operator.ts';
import type { World } from './world.ts';

/** Fewer slots than tenants: one that is lost is missed. */
const AT_ONCE = 2;
const FIRST_WAVE = 2;
const SOMEBODY = { by: 'op-fleet', why: 'the campaign' };

/** A world's tenants as one fleet of two waves, the second one to be approved. */
function specOf(world: World): FleetSpec {
  const contexts = [...new Set(world.tenants.map(({ site }) => site))];
  const profiles = world.tenants.map(({ impersonation, onFailure }) => ({
    path: impersonation ? 1 : 0,
    windows: 0,
    onFailure,
    onClose: 'finish-step' as const,
  }));
  return {
    name: world.fleet ?? '',
    hash: '000000000000',
    paths: [false, true].map((impersonation) => pathOf(world.paths, { impersonation })),
    windows: [{ windows: [], freezes: [] }],
    clusters: contexts.map(({ context, wire }) => ({ context, cluster: `127.0.0.1:${wire.port}` })),
    profiles,
    tenants: world.tenants.map(({ site, namespace }, profile) => ({
      cluster: contexts.indexOf(site),
      namespace,
      profile,
    })),
    waves: [
      { name: 'first', tenants: FIRST_WAVE, soakMinutes: 0, approval: 'none' },
      { name: 'rest', tenants: world.tenants.length - FIRST_WAVE, soakMinutes: 0, approval: 'required' },
    ],
    maxConcurrent: AT_ONCE,
    maxConcurrentPerCluster: AT_ONCE,
    failureBudget: { strict: false },
    estimate: DEFAULT_FLEET_ESTIMATE,
    retries: { transientAttempts: 6, outcomeAttempts: 2, unreachableAttempts: 30 },
    autoRetries: 0,
    retryAfterMinutes: 1,
  };
}

export async function startFleet(client: Client, world: World): Promise<void> {
  const { fleet = '' } = world;
  const input: FleetUpgradeInput = {
    spec: specOf(world),
    startedBy: { by: 'starter', why: 'the campaign' },
    visible: true,
  };
  try {
    await client.workflow.start('fleetUpgrade', {
      workflowId: fleetWorkflowId(fleet),
      taskQueue: TASK_QUEUE,
      args: [input],
      typedSearchAttributes: pairsOf({ ThreescaleFleet: fleet }),
    });
    for (const tenant of world.tenants) tenant.starts += 1;
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}

/** What a fleet waits for a person to say is said. */
export async function careForFleet(client: Client, { fleet = '' }: World): Promise<void> {
  const handle = client.workflow.getHandle(fleetWorkflowId(fleet));
  const progress = await handle.query<FleetProgress, []>(fleetProgressQuery).catch(() => undefined);
  if (!progress) return;
  if (progress.phase === 'halted') await handle.signal(resumeFleetSignal, SOMEBODY);
  const wave = progress.waves.find(({ state }) => state === 'awaiting-approval');
  if (progress.phase !== 'awaiting-approval' || !wave) return;
  // Refused where it is approved already: nothing is lost.
  await handle
    .executeUpdate(approveWaveUpdate, { args: [{ ...SOMEBODY, wave: wave.name }] })
    .catch(() => undefined);
}

/** What the fleet says at its end; undefined where it has not come to one. */
export async function resultOfFleet(client: Client, { fleet = '' }: World): Promise<FleetResult | undefined> {
  const handle = client.workflow.getHandle(fleetWorkflowId(fleet));
  const { status } = await handle.describe();
  return status.name === 'COMPLETED' ? ((await handle.result()) as FleetResult) : undefined;
}
