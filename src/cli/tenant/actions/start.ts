import type { Command } from 'commander';
import { shortPlanHash } from '../../../config/plan-format.ts';
import { command as commandLine } from '../../../domain/tenant/decisions.ts';
import type { Actor } from '../../../domain/tenant/tenant.ts';
import { tenantName } from '../../../domain/tenant/tenant.ts';
import { temporalIsThere } from '../../../temporal/is-there.ts';
import { agreed, isAsked } from '../../ask.ts';
import { attach, withWorker } from '../../attach.ts';
import { begin, isByPlan, otherwise } from '../../begin.ts';
import type { PlannedRequest } from '../by-plan.ts';
import { asPlanned, asShown, plannedRequest, requireUnmoved } from '../by-plan.ts';
import { CliError } from '../../cli-error.ts';
import { askedActor, consentNeeded, lackingConsent } from '../../consent.ts';
import type { ExitCode } from '../../exit-codes.ts';
import { EXIT } from '../../exit-codes.ts';
import { lookAtRetention } from '../../fleet/retention.ts';
import type { Io } from '../../io.ts';
import { keptWhere } from '../../kept.ts';
import { leftUpgrade } from '../left.ts';
import type { MessageOptions, OutputOptions, UpgradeOptions } from '../../options.ts';
import type { Planned } from '../planned.ts';
import { isUpgraded, lookForPlan } from '../planned.ts';
import type { UpgradeRequest } from '../request.ts';
import { upgradeRequest } from '../request.ts';
import type { Session } from '../../session.ts';
import { withSession } from '../../session.ts';
import { withLastWord } from '../../stop-signals.ts';
import type { Upgrade } from '../upgrades.ts';
import { findUpgrade } from '../upgrades.ts';
import { isRunning } from '../../found.ts';
import { showPlan } from './plan.ts';

export type StartOptions = UpgradeOptions &
  OutputOptions &
  MessageOptions & {
    readonly plan?: string;
    readonly yes?: boolean;
    readonly dryRun?: boolean;
    readonly watch: boolean;
  };

/** What is to be started: as flags say it, or as a plan file does. */
type Request = UpgradeRequest & Partial<Pick<PlannedRequest, 'planned'>>;

/** `start` */
export async function startUpgrade(io: Io, options: StartOptions, command: Command): Promise<ExitCode> {
  const { plan } = options;
  const request: Request =
    plan === undefined ? upgradeRequest(options, io.err) : plannedRequest(plan, options, io.err);
  try {
    return await (options.dryRun ? dryRun(io, request, options) : start(io, request, options, command));
  } finally {
    await request.clusters.close();
  }
}

async function dryRun(io: Io, request: Request, options: StartOptions): Promise<ExitCode> {
  const seen = await look(io, request);
  const { planned, tenant } = request;
  if (planned && !isUpgraded(seen)) requireUnmoved(io, tenant, asPlanned(planned), seen);
  return showPlan(io, request, seen, options);
}

/** Whoever looks lets go of the clusters; the worker needs them still. */
const look = (io: Io, request: Request): Promise<Planned> =>
  lookForPlan({ ...request, clusters: request.clusters.copy() }, io.err);

async function start(io: Io, request: Request, options: StartOptions, command: Command): Promise<ExitCode> {
  const { tenant, clusters } = request;
  const lacking = lackingConsent(io, options);
  // Nothing is started only to see that nothing may be.
  if (lacking.length > 0 && !(await temporalIsThere())) throw consentNeeded(command, lacking);
  return withSession(io, async (session) => {
    if (session.target.embedded) await lookAtRetention(session);
    let running = await findRunning(session, request);
    if (!running) {
      if (lacking.length > 0) throw consentNeeded(command, lacking);
      const startedBy = await agreedStart(session, request, options);
      if (startedBy === 'upgraded') return tellUpgraded(io, request, options);
      if (startedBy === 'refused') {
        io.err('Nothing was changed.');
        return EXIT.interrupted;
      }
      const isOurs = await withLastWord(
        () => `interrupted; whether it was started, shows: ${commandLine(tenant, 'status')}`,
        () => begin(session, request, startedBy, request.planned?.hash),
      );
      if (!isOurs) running = await findRunning(session, request);
      else io.err(keptWhere(session.target));
    }
    if (running) io.err(attaching(running, request));
    if (options.watch)
      return withLastWord(
        () => leftUpgrade({ session, ownWorker: session.target.embedded }, tenant),
        () =>
          withWorker(session, clusters, (ownWorker) => attach(session, tenant, { ...options, ownWorker })),
      );
    const carries = session.target.embedded ? '; carry it out with: threescale-upgrade dev' : '';
    if (options.output === 'json') io.out(JSON.stringify({ tenant, started: !running }, undefined, 2));
    else
      io.out(`${running ? 'under way' : 'started'}; see it with: ${commandLine(tenant, 'watch')}${carries}`);
    return EXIT.ok;
  });
}

/** Throws CliError where one runs that is not of this plan. */
async function findRunning(session: Session, { tenant, planned }: Request): Promise<Upgrade | undefined> {
  const found = await findUpgrade(session, tenant);
  if (!found || !isRunning(found)) return undefined;
  if (planned && !isByPlan(found, planned.hash))
    throw new CliError(
      `${tenantName(tenant)} is being upgraded already, and was not started by plan ${shortPlanHash(planned.hash)}`,
      { hint: `See it with: ${commandLine(tenant, 'watch')}`, exitCode: EXIT.refused },
    );
  return found;
}

const attaching = (running: Upgrade, request: Request): string =>
  `${tenantName(request.tenant)} is being upgraded already${otherwise(running, request)}: attaching to it`;

/** That there is nothing to do is no failure, whether it was planned or not. */
function tellUpgraded(io: Io, { tenant, planned }: Request, { output }: StartOptions): ExitCode {
  const how = planned ? `, as planned at ${planned.made.at} (plan ${shortPlanHash(planned.hash)})` : '';
  io.err(`${tenantName(tenant)} is upgraded already${how}: nothing is to be done, and nothing was changed.`);
  if (output === 'json') io.out(JSON.stringify({ tenant, state: 'upgraded', started: false }, undefined, 2));
  return EXIT.ok;
}

/** Shows what will happen and asks, where there is somebody to ask, and something to do. */
async function agreedStart(
  session: Session,
  request: Request,
  options: StartOptions,
): Promise<Actor | 'refused' | 'upgraded'> {
  const { io } = session;
  const { tenant, planned } = request;
  const asked = isAsked(io, options);
  const seen = asked || planned ? await look(io, request) : undefined;
  const isDone = seen !== undefined && isUpgraded(seen);
  if (planned && seen && !isDone) requireUnmoved(io, tenant, asPlanned(planned), seen);
  if (asked && seen) showPlan(io, request, seen, { asks: true });
  if (isDone) return 'upgraded';
  if (!asked) return askedActor(io, options);
  const shown = seen?.would?.content;
  if (!shown)
    throw new CliError(`${tenantName(tenant)} cannot be upgraded as it is: nothing was changed`, {
      hint: 'Put right what is listed above.',
      exitCode: EXIT.blocked,
    });
  const who = await askedActor(io, options);
  if (!(await agreed(io, options, questionOf(session, request)))) return 'refused';
  // A question may stand for hours.
  requireUnmoved(io, tenant, asShown(shown), await look(io, request));
  return who;
}

const questionOf = ({ target }: Session, { tenant, path }: Request): string =>
  `Upgrade ${tenantName(tenant)} (${tenant.cluster}) from ${path.from} to ${path.to}, with Temporal at ${target.address}?`;
