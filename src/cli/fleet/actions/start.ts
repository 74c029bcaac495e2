import type { Command } from 'commander';
import type { FleetPlanFile } from '../../../config/fleet/fleet-plan-file.ts';
import { shortPlanHash } from '../../../config/plan-format.ts';
import { shellWord } from '../../../domain/tenant/decisions.ts';
import type { FleetSpec } from '../../../domain/fleet/spec/spec.ts';
import { clusterCount } from '../../../domain/fleet/spec/spec.ts';
import type { Actor } from '../../../domain/tenant/tenant.ts';
import { temporalIsThere } from '../../../temporal/is-there.ts';
import { agreed, isAsked } from '../../ask.ts';
import { withWorker } from '../../attach.ts';
import { isByPlan } from '../../begin.ts';
import { CliError } from '../../cli-error.ts';
import { askedActor, consentNeeded, lackingConsent, requireConsent } from '../../consent.ts';
import type { ExitCode } from '../../exit-codes.ts';
import { EXIT } from '../../exit-codes.ts';
import { plannedFleet, standsByPlan } from '../by-plan.ts';
import { startFleet } from '../go-on.ts';
import { lookAtFleet } from '../look.ts';
import { windowsOf } from '../overview.ts';
import type { FleetRequest } from '../request.ts';
import { fleetRequest } from '../request.ts';
import { lookAtRetention } from '../retention.ts';
import { unservedSites } from '../sites.ts';
import type { FoundFleet } from '../fleets.ts';
import { fleetCommand } from '../fleet-command.ts';
import { findFleet, readSpec, requireFleet } from '../fleets.ts';
import { attachFleet } from '../follow.ts';
import { isRunning } from '../../found.ts';
import type { Io } from '../../io.ts';
import { keptWhere } from '../../kept.ts';
import { leftFleet } from '../../tenant/left.ts';
import type { MessageOptions, OutputOptions } from '../../options.ts';
import { renderUnserved } from '../render/notices.ts';
import { renderFleetOutlook } from '../render/outlook.ts';
import { plural } from '../render/state.ts';
import { renderFleetSummary } from '../render/summary.ts';
import type { Session } from '../../session.ts';
import { withSession } from '../../session.ts';
import { withLastWord } from '../../stop-signals.ts';
import { showFleetPlan } from './plan.ts';

export interface StartOptions extends OutputOptions, MessageOptions {
  readonly notify?: readonly string[];
  readonly file: string;
  readonly kubeconfig?: string;
  readonly plan?: string;
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  readonly wait?: boolean;
  readonly watch: boolean;
}

/** What is to be started: the file's fleet, by a plan or without one. */
interface Start extends StartOptions {
  readonly request: FleetRequest;
  readonly planned?: FleetPlanFile;
}

/** `fleet start` */
export async function startFleetOf(io: Io, options: StartOptions, command: Command): Promise<ExitCode> {
  const { file, plan } = options;
  const request = fleetRequest(options, io.err);
  const planned = plan === undefined ? {} : { planned: plannedFleet(plan, request, file) };
  const start = { ...options, request, ...planned };
  try {
    if (options.dryRun) return await dryRun(io, start);
    const lacking = lackingConsent(io, options);
    // Nothing is started only to see that nothing may be.
    if (lacking.length > 0 && !(await temporalIsThere())) throw consentNeeded(command, lacking);
    return await withSession(io, (session) => begin(session, start, command));
  } finally {
    await request.clusters.close();
  }
}

async function dryRun(io: Io, start: Start): Promise<ExitCode> {
  const { request, file, planned } = start;
  const { spec, clusters } = request;
  if (planned) {
    const { stand, looks } = await standsByPlan(io, { request, file, planned });
    if (stand === 'carried-out') io.err(carriedOut(planned, spec));
    return showFleetPlan(io, request, looks, start);
  }
  const wanted = spec.tenants.map((_, index) => index);
  const looks = await lookAtFleet({ spec, clusters: clusters.copy(), wanted, say: io.err });
  return showFleetPlan(io, request, looks, start);
}

async function begin(session: Session, start: Start, command: Command): Promise<ExitCode> {
  const { io, target } = session;
  const { request, planned, output, watch, wait } = start;
  const { spec, clusters } = request;
  const { name } = spec;
  const running = await findRunning(session, name);
  if (running && planned) refuseAnotherPlan(running, planned);
  if (!running) {
    requireConsent(command, io, start);
    const by = await agreedStart(session, start);
    if (by === 'no') {
      io.err('Nothing was changed.');
      return EXIT.interrupted;
    }
    if (by === 'carried-out') {
      if (output === 'json')
        io.out(
          JSON.stringify(
            { fleet: name, started: false, carriedOut: true, plan: planned?.hash },
            undefined,
            2,
          ),
        );
      return EXIT.ok;
    }
    const isOurs = await startFleet(session, { spec, startedBy: by, planHash: planned?.hash });
    if (!isOurs) throw quicker(name);
    for (const site of await unservedSites(session, spec)) io.err(renderUnserved(site));
    io.err(keptWhere(target));
  }
  if (!watch && !running) {
    const carries = target.embedded ? '; carry it out with: threescale-upgrade dev' : '';
    if (output === 'json') io.out(JSON.stringify({ fleet: name, started: true }, undefined, 2));
    else io.out(`started; see it with: ${fleetCommand(name, 'watch')}${carries}`);
    return EXIT.ok;
  }
  const carryOn = async (ownWorker: boolean): Promise<ExitCode> => {
    const fleet = await requireFleet(session, name);
    await refuseAnotherFile(session, fleet, start);
    if (running) io.err(`the fleet ${name} runs with this file already: attaching to it`);
    if (!watch) {
      if (output === 'json') io.out(JSON.stringify({ fleet: name, started: false }, undefined, 2));
      return EXIT.ok;
    }
    return attachFleet(session, fleet, { ...start, ownWorker, quiet: wait === true });
  };
  return withLastWord(
    () => leftFleet({ session, ownWorker: target.embedded }, name),
    () => withWorker(session, clusters, carryOn),
  );
}

/** Shows what will happen and asks, where there is somebody to ask; by a plan all tenants are looked at before, and after. */
async function agreedStart(session: Session, start: Start): Promise<Actor | 'no' | 'carried-out'> {
  const { io, target } = session;
  const { request, file, planned } = start;
  const { spec, warnings } = request;
  const isDone = async (): Promise<boolean> => {
    if (!planned) return false;
    const { stand } = await standsByPlan(io, { request, file, planned });
    if (stand === 'carried-out') io.err(carriedOut(planned, spec));
    return stand === 'carried-out';
  };
  if (await isDone()) return 'carried-out';
  io.err(renderFleetSummary(spec, warnings, io.colors));
  const asked = isAsked(io, start);
  if (asked) io.err(renderFleetOutlook(spec, { windows: windowsOf(spec, Date.now()), file }, io.colors));
  await lookAtRetention(session);
  const who = await askedActor(io, start);
  const question = `Upgrade ${plural(spec.tenants.length, 'tenant')} on ${plural(clusterCount(spec), 'cluster')}, with Temporal at ${target.address}?`;
  if (!(await agreed(io, start, question))) return 'no';
  // A question may stand for hours.
  return asked && (await isDone()) ? 'carried-out' : who;
}

const carriedOut = ({ hash }: FleetPlanFile, { name, tenants }: FleetSpec): string =>
  `Plan ${shortPlanHash(hash)} of the fleet ${name} was carried out already: its ${plural(tenants.length, 'tenant')} ` +
  `${tenants.length === 1 ? 'is' : 'are'} upgraded, as the clusters show. Nothing was started. ` +
  `See what was done with: ${fleetCommand(name, 'report')}`;

function refuseAnotherPlan(running: FoundFleet, { hash }: FleetPlanFile): void {
  if (isByPlan(running, hash)) return;
  throw new CliError(
    `the fleet ${running.name} runs already, and was not started by plan ${shortPlanHash(hash)}`,
    { hint: `See it with: ${fleetCommand(running.name, 'watch')}`, exitCode: EXIT.refused },
  );
}

async function findRunning(session: Session, name: string): Promise<FoundFleet | undefined> {
  const found = await findFleet(session, name);
  return found && isRunning(found) ? found : undefined;
}

async function refuseAnotherFile(
  session: Session,
  fleet: FoundFleet,
  { request: { spec }, file }: Start,
): Promise<void> {
  if (!isRunning(fleet) || (await readSpec(session, fleet)).hash === spec.hash) return;
  throw new CliError(`the fleet ${spec.name} runs with another file`, {
    hint: `See the difference and take it over with: threescale-upgrade fleet apply -f ${shellWord(file)}`,
    exitCode: EXIT.refused,
  });
}

/** Between the look and the start; with which file, only a worker could say. */
function quicker(name: string): CliError {
  return new CliError(`the fleet ${name} was started by somebody else just now`, {
    hint: `Type the same command again: it attaches where the file is the same. See the fleet with: ${fleetCommand(name, 'status')}`,
    exitCode: EXIT.refused,
  });
}
