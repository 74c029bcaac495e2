import type { Command } from 'commander';
import { shellWord } from '../../../domain/decisions.ts';
import { clusterCount } from '../../../domain/fleet/spec.ts';
import { temporalIsThere } from '../../../temporal/is-there.ts';
import { agreed, isAsked } from '../../ask.ts';
import { withWorker } from '../../attach.ts';
import { CliError } from '../../cli-error.ts';
import { askedActor, consentNeeded, lackingConsent, requireConsent } from '../../consent.ts';
import type { ExitCode } from '../../exit-codes.ts';
import { EXIT } from '../../exit-codes.ts';
import { startFleet } from '../../fleet-go-on.ts';
import type { FleetRequest } from '../../fleet-request.ts';
import { fleetRequest } from '../../fleet-request.ts';
import { lookAtRetention } from '../../fleet-retention.ts';
import { unservedSites } from '../../fleet-sites.ts';
import type { FoundFleet } from '../../fleets.ts';
import { windowsOf } from '../../fleet-overview.ts';
import { findFleet, fleetCommand, readSpec, requireFleet } from '../../fleets.ts';
import { attachFleet } from '../../follow-fleet.ts';
import type { Io } from '../../io.ts';
import { leftFleet } from '../../left.ts';
import type { MessageOptions, OutputOptions } from '../../options.ts';
import { renderUnserved } from '../../render/fleet-notices.ts';
import { plural } from '../../render/fleet-state.ts';
import { renderFleetOutlook } from '../../render/fleet-outlook.ts';
import { renderFleetSummary } from '../../render/fleet-summary.ts';
import type { Session } from '../../session.ts';
import { withSession } from '../../session.ts';
import { withLastWord } from '../../stop-signals.ts';
import { isRunning } from '../../found.ts';
import { showFleetPlan } from './plan.ts';

export interface StartOptions extends OutputOptions, MessageOptions {
  readonly file: string;
  readonly kubeconfig?: string;
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  readonly wait?: boolean;
  readonly watch: boolean;
}

/** `fleet start` */
export async function startFleetOf(io: Io, options: StartOptions, command: Command): Promise<ExitCode> {
  if (options.dryRun) return showFleetPlan(io, options);
  const request = fleetRequest(options, io.err);
  try {
    const lacking = lackingConsent(io, options);
    // Nothing is started only to see that nothing may be.
    if (lacking.length > 0 && !(await temporalIsThere())) throw consentNeeded(command, lacking);
    return await withSession(io, (session) => begin(session, request, options, command));
  } finally {
    await request.clusters.close();
  }
}

async function begin(
  session: Session,
  request: FleetRequest,
  options: StartOptions,
  command: Command,
): Promise<ExitCode> {
  const { io, target } = session;
  const { spec, warnings, clusters } = request;
  const { name } = spec;
  const running = await findRunning(session, name);
  if (!running) {
    requireConsent(command, io, options);
    io.err(renderFleetSummary(spec, warnings, io.colors));
    if (isAsked(io, options))
      io.err(
        renderFleetOutlook(spec, { windows: windowsOf(spec, Date.now()), file: options.file }, io.colors),
      );
    await lookAtRetention(session);
    const startedBy = await askedActor(io, options);
    const question = `Upgrade ${plural(spec.tenants.length, 'tenant')} on ${plural(clusterCount(spec), 'cluster')}, with Temporal at ${target.address}?`;
    if (!(await agreed(io, options, question))) {
      io.err('Nothing was changed.');
      return EXIT.interrupted;
    }
    const isOurs = await startFleet(session, { spec, startedBy });
    if (!isOurs) throw quicker(name);
    for (const site of await unservedSites(session, spec)) io.err(renderUnserved(site));
  }
  if (!options.watch && !running) {
    const carries = target.embedded ? '; carry it out with: threescale-upgrade dev' : '';
    if (options.output === 'json') io.out(JSON.stringify({ fleet: name, started: true }, undefined, 2));
    else io.out(`started; see it with: ${fleetCommand(name, 'watch')}${carries}`);
    return EXIT.ok;
  }
  const carryOn = async (ownWorker: boolean): Promise<ExitCode> => {
    const fleet = await requireFleet(session, name);
    await refuseAnotherFile(session, fleet, request, options);
    if (running) io.err(`the fleet ${name} runs with this file already: attaching to it`);
    if (!options.watch) {
      if (options.output === 'json') io.out(JSON.stringify({ fleet: name, started: false }, undefined, 2));
      return EXIT.ok;
    }
    return attachFleet(session, fleet, { ...options, ownWorker, quiet: options.wait === true });
  };
  return withLastWord(
    () => leftFleet({ session, ownWorker: target.embedded }, name),
    () => withWorker(session, clusters, carryOn),
  );
}

async function findRunning(session: Session, name: string): Promise<FoundFleet | undefined> {
  const found = await findFleet(session, name);
  return found && isRunning(found) ? found : undefined;
}

async function refuseAnotherFile(
  session: Session,
  fleet: FoundFleet,
  { spec }: FleetRequest,
  { file }: StartOptions,
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
