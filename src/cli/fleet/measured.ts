import { ServiceError } from '@temporalio/client';
import pMap from 'p-map';
import { fleetShape } from '../../domain/fleet/show/estimate.ts';
import type { FleetShape } from '../../domain/fleet/show/estimate.ts';
import type { FleetProgress } from '../../domain/fleet/show/progress.ts';
import type { TenantLine } from '../../domain/fleet/show/tenant-lines.ts';
import { fleetWorkflowId } from '../../domain/fleet/spec/spec.ts';
import { countOf, NEEDS_SOMEBODY } from '../../domain/fleet/tenant/states.ts';
import type { FleetSource } from '../../metrics/fleet.ts';
import type { FleetSeen } from '../../metrics/fleet-values.ts';
import { CliError } from '../cli-error.ts';
import { isEndedFromOutside, isRunning } from '../found.ts';
import type { Session } from '../session.ts';
import type { FoundFleet } from './fleets.ts';
import { findFleet, readFleet, readSpec, readTenants } from './fleets.ts';

const ASKED_AT_ONCE = 4;
/** One that has ended is told of for a day. */
const TOLD_FOR_MS = 24 * 60 * 60_000;

/** What a session's Temporal knows of its fleets: those that run, and those that have ended within a day. Reads only. */
export function fleetSource(given: Session): FleetSource {
  // It asks every few seconds for weeks: that nobody answers is a value, and no line each time. Nothing is replayed for it.
  const session: Session = {
    io: { ...given.io, err: () => undefined },
    target: given.target,
    client: given.client,
  };
  const shapes = new Map<string, { readonly hash: string; readonly shape: FleetShape }>();
  const shapeOf = async (fleet: FoundFleet, { specHash }: FleetProgress): Promise<FleetShape> => {
    const known = shapes.get(fleet.name);
    if (known?.hash === specHash) return known.shape;
    const shape = fleetShape(await readSpec(session, fleet));
    shapes.set(fleet.name, { hash: specHash, shape });
    return shape;
  };
  const ended = new Map<string, FleetSeen>();
  const seen = async (name: string): Promise<FleetSeen> => {
    const fleet = await findFleet(session, name);
    if (!fleet) return { name };
    if (isEndedFromOutside(fleet)) return { name, isTerminated: true };
    const { runId } = fleet.description;
    const asItEnded = ended.get(runId);
    if (asItEnded) return asItEnded;
    try {
      const progress = await readFleet(session, fleet);
      const shape = await shapeOf(fleet, progress);
      const attention = await allAttention(session, fleet, progress);
      const known = { name, known: { progress, shape, attention } };
      if (!isRunning(fleet)) ended.set(runId, known);
      return known;
    } catch (error) {
      if (error instanceof CliError) return { name };
      throw error;
    }
  };
  return async () => {
    try {
      const names = await newestFleets(session);
      return { temporal: true, fleets: await pMap(names, seen, { concurrency: ASKED_AT_ONCE }) };
    } catch (error) {
      if (error instanceof ServiceError) return { temporal: false, fleets: [] };
      throw error;
    }
  };
}

/** The progress has no more than a hundred of each state. */
async function allAttention(
  session: Session,
  fleet: FoundFleet,
  { counts, attention }: FleetProgress,
): Promise<readonly TenantLine[]> {
  if (attention.length >= countOf(counts, NEEDS_SOMEBODY)) return attention;
  return readTenants(session, fleet, { states: NEEDS_SOMEBODY });
}

async function newestFleets({ client }: Session): Promise<string[]> {
  const prefix = fleetWorkflowId('');
  const since = new Date(Date.now() - TOLD_FOR_MS).toISOString();
  const query = `WorkflowType = 'fleetUpgrade' AND (ExecutionStatus = 'Running' OR CloseTime > '${since}')`;
  const names = new Set<string>();
  for await (const { workflowId } of client.workflow.list({ query }))
    if (workflowId.startsWith(prefix)) names.add(workflowId.slice(prefix.length));
  return [...names].sort();
}
