import { ServiceError } from '@temporalio/client';
import type { FleetSpec } from '../../domain/fleet/spec/spec.ts';
import type { FleetProgress } from '../../domain/fleet/show/progress.ts';
import { plainText } from '../../domain/text/plain-text.ts';
import type { TenantLine } from '../../domain/fleet/show/tenant-lines.ts';
import { CliError } from '../cli-error.ts';
import type { ExitCode } from '../exit-codes.ts';
import { EXIT } from '../exit-codes.ts';
import { unservedSites } from './sites.ts';
import { readUnderWay } from './tenants.ts';
import type { FoundFleet } from './fleets.ts';
import { fleetCommand } from './fleet-command.ts';
import { findFleet, readFleet, readSpec, readTenants } from './fleets.ts';
import type { Io } from '../io.ts';
import { keepFleetReports } from './keep-reports.ts';
import { leftFleet, unread } from '../tenant/left.ts';
import type { FleetShape } from '../../domain/fleet/show/estimate.ts';
import { estimateEnd, fleetShape, STANDS_STILL } from '../../domain/fleet/show/estimate.ts';
import { WORKING_SHOWN } from './render/attention.ts';
import { FleetLines, WORKING_NAMED } from './render/lines.ts';
import type { FleetView } from './render/progress.ts';
import { renderFleet } from './render/progress.ts';
import type { Show } from '../screen.ts';
import { stamp } from '../render/time.ts';
import { liveScreen, terminalSize, untilInterrupted, watchUntilOver } from '../screen.ts';
import type { Session } from '../session.ts';
import { countOf, countsByBudget, MOVING, UNDECIDED, UPGRADED } from '../../domain/fleet/tenant/states.ts';

const LOOK_EVERY_MS = 1_000;
/** Temporal forgets a worker that is gone after minutes only: there is nothing to see sooner. */
const SITES_EVERY_MS = 15_000;
/** Lines tell now and then what is under way. */
const WORKING_EVERY_MS = 15_000;
/** Fleets up to this size are told tenant by tenant where nobody watches a screen. */
const TOLD_ONE_BY_ONE = 200;

export interface FollowOptions {
  readonly output?: string;
  /** No live output: only the end. */
  readonly quiet?: boolean;
  /** This process carries it out. */
  readonly ownWorker?: boolean;
}

interface Seen extends FleetView {
  readonly tenants?: readonly TenantLine[];
}

/** Follows a fleet until it ends or nothing goes on without somebody; Ctrl-C leaves it as it is. */
export async function attachFleet(
  session: Session,
  fleet: FoundFleet,
  { output, quiet = false, ownWorker = false }: FollowOptions,
): Promise<ExitCode> {
  const { io } = session;
  const json = output === 'json';
  const look = looker(session, fleet, json || quiet ? 'end' : io.interactive ? 'screen' : 'lines');
  const goesOnUnread = (): void => {
    io.err(unread(`The fleet ${fleet.name}`, fleetCommand(fleet.name, 'watch')));
  };
  const seen = await untilInterrupted(
    (signal) =>
      watchUntilOver<Seen>({
        look: patient(look),
        isOver: ({ progress }) => isOver(progress),
        show: json || quiet ? () => undefined : io.interactive ? screenOf(io) : linesOf(io),
        everyMs: LOOK_EVERY_MS,
        signal,
      }),
    ownWorker ? { unread: goesOnUnread } : {},
  );
  if (!seen) {
    io.err(leftFleet({ session, ownWorker }, fleet.name));
    return EXIT.interrupted;
  }
  if (seen.progress.phase === 'ended') await keepFleetReports(session, fleet);
  if (json) io.out(fleetJson(seen));
  else if (quiet) io.out(renderFleet(seen, { nowMs: Date.now(), colors: io.colors }));
  return fleetExitCode(seen.progress);
}

/** What a script is shown of a fleet. */
export function fleetJson({ progress, unserved = [], away }: FleetView): string {
  const still = away === undefined ? {} : { standsStill: away };
  return JSON.stringify({ ...progress, ...still, sitesWithoutWorker: unserved }, undefined, 2);
}

/** Everything a screen shows, looked at once. */
export function lookAtFleet(session: Session, fleet: FoundFleet): Promise<FleetView> {
  return looker(session, fleet, 'screen')();
}

/** It has ended, or stands still until somebody says something. A pause was somebody's own word: it is waited out. */
export function isOver({ phase, counts, told }: FleetProgress): boolean {
  switch (phase) {
    case 'ended':
    case 'needs-decisions':
    case 'awaiting-approval':
      return true;
    case 'halted':
      return countOf(counts, MOVING) + told === 0;
    default:
      return false;
  }
}

/** What a script is told of where a fleet stands. */
export function fleetExitCode({ phase, counts, total }: FleetProgress): ExitCode {
  if (phase !== 'ended') {
    const needsSomebody =
      countOf(counts, UNDECIDED) > 0 || ['halted', 'needs-decisions', 'awaiting-approval'].includes(phase);
    return needsSomebody ? EXIT.held : EXIT.ok;
  }
  const upgraded = countOf(counts, UPGRADED);
  if (upgraded === total) return EXIT.ok;
  return upgraded + countsByBudget(counts).blocked === total ? EXIT.blocked : EXIT.notUpgraded;
}

/** Weeks of watching outlive a worker that is replaced, or a Temporal that is: what was seen last is shown meanwhile. */
function patient(look: () => Promise<Seen>): () => Promise<Seen> {
  let last: Seen | undefined;
  return async () => {
    try {
      last = await look();
      return last;
    } catch (error) {
      const isAway =
        error instanceof ServiceError || (error instanceof CliError && error.exitCode === EXIT.unreachable);
      if (!last || !isAway) throw error;
      return { ...last, away: error instanceof CliError ? error.message : 'Temporal does not answer' };
    }
  };
}

function looker(session: Session, fleet: FoundFleet, kind: 'screen' | 'lines' | 'end'): () => Promise<Seen> {
  let current: FoundFleet | undefined;
  let read: { readonly spec: FleetSpec; readonly shape: FleetShape } | undefined;
  let lines: { readonly key: string; readonly tenants: readonly TenantLine[] } | undefined;
  let working: { readonly atMs: number; readonly underWay: NonNullable<FleetView['underWay']> } = {
    atMs: Date.now(),
    underWay: new Map(),
  };
  let sites: { readonly unserved: readonly string[]; readonly atMs: number } | undefined;
  return async () => {
    current = current ? ((await findFleet(session, fleet.name)) ?? current) : fleet;
    const progress = await readFleet(session, current);
    const told = session.looks?.told(current.description.workflowId);
    const still = told === undefined ? {} : { away: plainText(told) };
    if (kind === 'end' && !isOver(progress)) return { progress, ...still };
    if (kind === 'lines' && progress.total <= TOLD_ONE_BY_ONE) {
      const key = JSON.stringify([progress.counts, progress.specHash, progress.attention, progress.running]);
      if (lines?.key !== key) lines = { key, tenants: await readTenants(session, current, {}) };
    }
    const tenants = kind === 'lines' && lines ? { tenants: lines.tenants } : {};
    const nowMs = Date.now();
    if (kind === 'lines' && nowMs - working.atMs >= WORKING_EVERY_MS) {
      working = {
        atMs: nowMs,
        underWay: await readUnderWay(session, progress.running.slice(0, WORKING_NAMED)),
      };
    }
    if (progress.phase === 'ended' || (kind === 'lines' && !isOver(progress)))
      return { progress, ...tenants, ...still, underWay: working.underWay };
    // Thousands of tenants are in the spec: it is read again only where another one is in force.
    if (read?.spec.hash !== progress.specHash) {
      const spec = await readSpec(session, current);
      read = { spec, shape: fleetShape(spec) };
    }
    const { spec, shape } = read;
    if (!sites || nowMs - sites.atMs >= SITES_EVERY_MS) {
      sites = { unserved: await unservedSites(session, spec), atMs: nowMs };
    }
    return {
      progress,
      ...tenants,
      ...still,
      underWay: await readUnderWay(session, progress.running.slice(0, WORKING_SHOWN)),
      windows: spec.windows,
      end: told === undefined ? estimateEnd(progress, shape, nowMs) : STANDS_STILL,
      unserved: sites.unserved,
    };
  };
}

function screenOf(io: Io): Show<Seen> {
  return liveScreen(io, (seen, over) =>
    renderFleet(seen, {
      nowMs: Date.now(),
      colors: io.colors,
      ...(over ? {} : { fit: terminalSize() }),
    }),
  );
}

function linesOf({ out, colors }: Io): Show<Seen> {
  const lines = new FleetLines(colors);
  let away: string | undefined;
  return (seen, over) => {
    const nowMs = Date.now();
    if (seen.away !== away) out(`${stamp(nowMs)} ${seen.away ?? 'there is an answer again'}`);
    away = seen.away;
    for (const line of lines.next(seen, nowMs)) out(line);
    if (over) out(renderFleet(seen, { nowMs, colors }));
  };
}
