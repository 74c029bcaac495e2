import type { Client } from '@temporalio/client';
import type { FleetResult } from '../../domain/fleet/fleet-upgrade.ts';
import type { FleetSpec } from '../../domain/fleet/spec/spec.ts';
import { at, fleetWorkflowId, nameOfTenant } from '../../domain/fleet/spec/spec.ts';
import { fleetNameOf } from '../../domain/tenant/workflow-id.ts';
import type { TemporalTarget } from '../../temporal/connection.ts';
import { connectClient, readConfiguration, travelBy } from '../../temporal/connection.ts';
import { isOurServer, readRecorded } from '../../temporal/dev-server/dev-server-record.ts';
import { EncryptionKeys } from '../../temporal/codec/encryption-keys.ts';
import { keyFile } from '../../temporal/dev-server/folders.ts';

/** Nobody chooses among more. */
const MOST = 500;

/** Fleets, newest first. */
export function fleets(): Promise<string[]> {
  return idsOf('fleetUpgrade', (id) => fleetNameOf(id));
}

/** Projects whose tenants were upgraded, or are. */
export function namespaces(): Promise<string[]> {
  return idsOf('tenantUpgrade', (id) => id.split('/').pop());
}

/** Its tenants or its waves; a worker answers for one that runs. */
export async function ofFleet(name: string, kind: 'tenant' | 'wave'): Promise<string[]> {
  return asking(async (client) => {
    const handle = client.workflow.getHandle(fleetWorkflowId(name));
    const { status } = await handle.describe();
    const spec =
      status.name === 'RUNNING'
        ? await handle.query<FleetSpec>('spec')
        : ((await handle.result()) as FleetResult).spec;
    return kind === 'wave'
      ? spec.waves.map((wave) => wave.name)
      : spec.tenants.map((_, index) => nameOfTenant(spec, at(spec.tenants, index)));
  });
}

function idsOf(type: string, nameOf: (id: string) => string | undefined): Promise<string[]> {
  return asking(async (client) => {
    const found = new Set<string>();
    for await (const { workflowId } of client.workflow.list({ query: `WorkflowType = '${type}'` })) {
      const name = nameOf(workflowId);
      if (name !== undefined) found.add(name);
      if (found.size >= MOST) break;
    }
    return [...found];
  });
}

/** Where no Temporal runs, nobody knows any names: none is started. */
async function asking(ask: (client: Client) => Promise<string[]>): Promise<string[]> {
  const target = readConfiguration() ?? embedded();
  if (!target) return [];
  const { client, close } = await connectClient(target);
  try {
    return await ask(client);
  } finally {
    await close();
  }
}

function embedded(): TemporalTarget | undefined {
  const recorded = readRecorded();
  if (!recorded || !isOurServer(recorded)) return undefined;
  const address = `127.0.0.1:${recorded.port}`;
  const way = { embedded: true, address, namespace: 'default', connectionOptions: { address } };
  return { ...way, ...travelBy(new EncryptionKeys(keyFile())) };
}
