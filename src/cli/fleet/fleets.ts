import type { WorkflowHandle } from '@temporalio/client';
import type { QueryDefinition } from '@temporalio/common';
import type { FleetResult } from '../../domain/fleet/fleet-upgrade.ts';
import { fleetWorkflowId } from '../../domain/fleet/spec/spec.ts';
import type { FleetSpec } from '../../domain/fleet/spec/spec.ts';
import type { FleetProgress } from '../../domain/fleet/show/progress.ts';
import type { TenantFilter, TenantLine } from '../../domain/fleet/show/tenant-lines.ts';
import { tenantLines } from '../../domain/fleet/show/tenant-lines.ts';
import {
  fleetProgressQuery,
  fleetResultQuery,
  fleetSpecQuery,
  fleetTenantsQuery,
} from '../../../workflows/fleet/messages.ts';
import type { fleetUpgrade } from '../../../workflows/fleet/fleet-upgrade.ts';
import { CliError } from '../cli-error.ts';
import { EXIT } from '../exit-codes.ts';
import { hasFleet, keepFleet } from '../kept.ts';
import type { Session } from '../session.ts';
import { carriedOnWith } from '../carried-on.ts';
import type { Found, Named } from '../found.ts';
import { isRunning } from '../found.ts';
import { answer, answersAtOnce, findWorkflow } from '../workflows.ts';
import { fleetCommand } from './fleet-command.ts';

export type FleetHandle = WorkflowHandle<typeof fleetUpgrade>;

/** The newest run of a fleet. */
export interface FoundFleet extends Found<typeof fleetUpgrade> {
  readonly name: string;
}

/** Undefined where there never was one of that name. */
export async function findFleet(session: Session, name: string): Promise<FoundFleet | undefined> {
  const found = await findWorkflow<typeof fleetUpgrade>(session, fleetWorkflowId(name));
  return found && { name, ...found };
}

/** Throws CliError where there is none. */
export async function requireFleet(session: Session, name: string): Promise<FoundFleet> {
  const fleet = await findFleet(session, name);
  if (fleet) return fleet;
  throw await noFleet(name, ` on ${session.target.address}`);
}

export async function noFleet(name: string, where = ''): Promise<CliError> {
  const kept = (await hasFleet(name)) ? `See what is kept of it: ${fleetCommand(name, 'report')}\n` : '';
  return new CliError(`there is no fleet ${name}${where}`, {
    hint: `${kept}See which there are with: threescale-upgrade fleet list; start one with: threescale-upgrade fleet start -f FILE`,
    exitCode: EXIT.refused,
  });
}

/** Where it stands: from its result once it has ended, which is kept, a worker's answer while it runs. Throws CliError. */
export async function readFleet(session: Session, fleet: FoundFleet): Promise<FleetProgress> {
  if (isRunning(fleet)) return ask(session, fleet, fleetProgressQuery);
  const result = await fleetResult(session, fleet);
  await keepFleet(session.io, fleet.description.runId, result);
  return result.progress;
}

/** Undefined where no worker answers: what is said to a fleet is kept for it. */
export async function readIfAnswered(
  session: Session,
  fleet: FoundFleet,
): Promise<FleetProgress | undefined> {
  try {
    return await readFleet(session, fleet);
  } catch (error) {
    if (error instanceof CliError && error.exitCode === EXIT.unreachable) return undefined;
    throw error;
  }
}

export function hasWorker(session: Session, { handle }: FoundFleet): Promise<boolean> {
  return answersAtOnce(session, () => handle.query(fleetProgressQuery));
}

/** Throws CliError where the fleet has no wave of that name. */
export function requireWave({ name, waves }: FleetProgress, wanted: string): void {
  if (waves.some((wave) => wave.name === wanted)) return;
  throw new CliError(`the fleet ${name} has no wave ${wanted}`, {
    hint: `Its waves: ${waves.map((wave) => wave.name).join(', ')}`,
    exitCode: EXIT.refused,
  });
}

export async function readTenants(
  session: Session,
  fleet: FoundFleet,
  filter: TenantFilter,
): Promise<readonly TenantLine[]> {
  if (isRunning(fleet)) return ask(session, fleet, fleetTenantsQuery, filter);
  const { spec, state } = await fleetResult(session, fleet);
  return tenantLines(spec, state.entries, filter);
}

export async function readSpec(session: Session, fleet: FoundFleet): Promise<FleetSpec> {
  if (!isRunning(fleet)) return (await fleetResult(session, fleet)).spec;
  return ask(session, fleet, fleetSpecQuery);
}

/** As it would end now, or has ended: what decisions are made from. */
export async function readResult(session: Session, fleet: FoundFleet): Promise<FleetResult> {
  if (!isRunning(fleet)) return fleetResult(session, fleet);
  return ask(session, fleet, fleetResultQuery);
}

/** Of one that has ended. Throws CliError where it was ended from outside. */
export function fleetResult(session: Session, { name, handle }: FoundFleet): Promise<FleetResult> {
  return answer(session, named(session, name), () => handle.result());
}

/** That it stands still, where it was looked at and does. */
export function sayStill({ io, looks }: Session, { description }: FoundFleet): void {
  const told = looks?.told(description.workflowId);
  if (told !== undefined) io.err(told);
}

/** Whoever only looks has an answer also while no worker runs. */
function ask<T, Args extends unknown[]>(
  session: Session,
  fleet: FoundFleet,
  query: QueryDefinition<T, Args>,
  ...args: Args
): Promise<T> {
  const about = named(session, fleet.name);
  if (session.looks) return session.looks.ask(fleet, about, query, ...args);
  return answer(session, about, () => fleet.handle.query(query, ...args));
}

function named({ target }: Session, name: string): Named {
  return {
    what: `the fleet ${name}`,
    goOnWith: carriedOnWith(target),
    lookWith: fleetCommand(name, 'status'),
    endedHint:
      'Tenants under way go on by themselves. Take the fleet up again with: threescale-upgrade fleet start -f FILE',
  };
}
