import pMap from 'p-map';
import type { FleetResult } from '../../../domain/fleet/fleet-upgrade.ts';
import { fleetWorkflowId } from '../../../domain/fleet/spec/spec.ts';
import type { FleetTenantState } from '../../../domain/fleet/tenant/states.ts';
import { CliError } from '../../cli-error.ts';
import {
  findFleet,
  noFleet,
  readFleet,
  readTenants,
  requireFleet,
  requireWave,
  sayStill,
} from '../fleets.ts';
import type { Io } from '../../io.ts';
import { labelled } from '../labelled.ts';
import { isAway } from '../../is-away.ts';
import { newestKeptFleets } from '../../kept.ts';
import type { OutputOptions } from '../../options.ts';
import type { ListedFleet } from '../render/list.ts';
import { renderFleetList, renderTenantList } from '../render/list.ts';
import type { Session } from '../../session.ts';
import { withLook } from '../../tenant/with-look.ts';

const ASKED_AT_ONCE = 8;

export interface ListOptions extends OutputOptions {
  readonly state?: readonly FleetTenantState[];
  readonly wave?: string;
  readonly label?: readonly string[];
}

/** `fleet list`: all fleets, or the tenants of the one that is named. */
export async function listFleetsOrTenants(
  io: Io,
  name: string | undefined,
  options: ListOptions,
): Promise<void> {
  const { state, wave, label } = options;
  if (name === undefined && [state, wave, label].some((flag) => flag !== undefined)) {
    throw new CliError('--state, --wave and --label are about the tenants of a fleet: name one', {
      hint: 'As in: threescale-upgrade fleet list prod --state held',
    });
  }
  try {
    await withLook(
      io,
      (session) => (name === undefined ? listFleets(session, options) : listTenants(session, name, options)),
      async () => {
        if (name !== undefined) throw await noFleet(name);
        print(io, (await newestKeptFleets(io)).map(keptOne), options);
      },
    );
  } catch (error) {
    // What is kept is shown, and it is said, by the exit code too, that there may be more.
    const fleets =
      isAway(error) && name === undefined && options.output !== 'json' ? await newestKeptFleets(io) : [];
    if (fleets.length > 0) print(io, fleets.map(keptOne), options);
    throw error;
  }
}

async function listTenants(session: Session, name: string, options: ListOptions): Promise<void> {
  const { state, wave, label, output } = options;
  const { io } = session;
  const fleet = await requireFleet(session, name);
  if (wave !== undefined) requireWave(await readFleet(session, fleet), wave);
  const lines = await readTenants(session, fleet, {
    ...(state ? { states: state } : {}),
    ...(wave === undefined ? {} : { wave }),
  });
  const tenants = labelled(lines, label);
  sayStill(session, fleet);
  if (output === 'json') io.out(JSON.stringify(tenants, undefined, 2));
  else if (tenants.length === 0) io.err('no such tenants');
  else io.out(renderTenantList(tenants, { nowMs: Date.now(), colors: io.colors }));
}

async function listFleets(session: Session, options: OutputOptions): Promise<void> {
  const names = await fleetNames(session);
  const fleets = await pMap(names, (name) => listed(session, name), { concurrency: ASKED_AT_ONCE });
  const kept = (await newestKeptFleets(session.io, names)).map(keptOne);
  print(session.io, [...fleets, ...kept], options, ` on ${session.target.address}`);
}

const keptOne = ({ progress }: FleetResult): ListedFleet => ({
  name: progress.name,
  startedAt: progress.startedAt,
  stand: progress.phase,
  progress,
  kept: true,
});

function print(io: Io, fleets: readonly ListedFleet[], { output }: OutputOptions, where = ''): void {
  if (output === 'json') io.out(JSON.stringify(fleets, undefined, 2));
  else if (fleets.length > 0) io.out(renderFleetList(fleets, io.colors));
  else io.err(`no fleets${where}; start one with: threescale-upgrade fleet start -f FILE`);
}

/** Of all fleets, newest first; each run of a fleet is one in Temporal's eyes. */
export async function fleetNames({ client }: Session): Promise<string[]> {
  const prefix = fleetWorkflowId('');
  const names = new Set<string>();
  for await (const { workflowId } of client.workflow.list({ query: "WorkflowType = 'fleetUpgrade'" })) {
    if (workflowId.startsWith(prefix)) names.add(workflowId.slice(prefix.length));
  }
  return [...names];
}

/** One that gives no answer is listed too, with the reason. */
async function listed(session: Session, name: string): Promise<ListedFleet> {
  const fleet = await findFleet(session, name);
  const known = { name, startedAt: fleet?.description.startTime.toISOString() ?? new Date(0).toISOString() };
  if (!fleet) return { ...known, stand: 'gone' };
  try {
    const progress = await readFleet(session, fleet);
    sayStill(session, fleet);
    return { ...known, stand: progress.phase, progress };
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    const { name: status } = fleet.description.status;
    return { ...known, stand: status === 'RUNNING' ? 'no worker answers' : status.toLowerCase() };
  }
}
