import type { Client } from '@temporalio/client';
import type { Needs } from '../domain/notify/receivers.ts';
import { NEEDS_MEMO } from '../domain/notify/receivers.ts';
import { fleetNameOf } from '../domain/tenant/workflow-id.ts';
import { commandsThere, COMMANDS_FOLDER, describeSecret, hasSecret } from '../notify/settings.ts';

const RUNNING_FLEETS = 'WorkflowType = "fleetUpgrade" AND ExecutionStatus = "Running"';

/**
 * What this process lacks to tell the people whom running fleets name, a line for each fleet; no secret is in it. Where Temporal
 * does not say which fleets run, that is said: no worker stays away for it.
 */
export async function lacksOfFleets(client: Client): Promise<string[]> {
  try {
    return await lookAtFleets(client);
  } catch {
    return [
      'warning: Temporal does not say whom running fleets tell: whether this worker lacks a secret is not known',
    ];
  }
}

async function lookAtFleets(client: Client): Promise<string[]> {
  const lines: string[] = [];
  for await (const { workflowId, memo } of client.workflow.list({ query: RUNNING_FLEETS })) {
    const lacks = lacksOf((memo?.[NEEDS_MEMO] ?? {}) as Partial<Needs>);
    if (lacks.length > 0)
      lines.push(
        `warning: to tell people of the fleet ${fleetNameOf(workflowId) ?? ''}, this worker lacks ${lacks.join(', ')}`,
      );
  }
  return lines;
}

function lacksOf({ secrets = [], commands = [] }: Partial<Needs>): string[] {
  const there = commandsThere();
  return [
    ...secrets.filter((ref) => !hasSecret(ref)).map(describeSecret),
    ...commands
      .filter((name) => !there.includes(name))
      .map((name) => `the command ${name} in its folder of commands (${COMMANDS_FOLDER})`),
  ];
}
