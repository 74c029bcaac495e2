import { foundAllDone } from '../../../domain/tenant/found-done.ts';
import type { TenantRef } from '../../../domain/tenant/tenant.ts';
import { tenantName } from '../../../domain/tenant/tenant.ts';
import { command as commandLine } from '../../../domain/tenant/decisions.ts';
import { CliError } from '../../cli-error.ts';
import type { ExitCode } from '../../exit-codes.ts';
import { EXIT } from '../../exit-codes.ts';
import type { Io } from '../../io.ts';
import { isAway } from '../../is-away.ts';
import { hasReports, keptIn } from '../../kept.ts';
import type { TenantOptions } from '../../options.ts';
import { renderReportJunit } from '../render/junit.ts';
import { renderReportHtml } from '../render/html/report.ts';
import { renderReport } from '../render/report.ts';
import { listedRun, renderRuns } from '../render/runs.ts';
import { withStatement } from '../../statement/written.ts';
import { refuseUnlessOver, tenantStatement } from '../statement.ts';
import type { HandOverOptions } from '../../report-output.ts';
import { tenantRequest } from '../request.ts';
import type { Run, Shown, Unread } from '../../runs.ts';
import { isUnread, runsOf } from '../../runs.ts';
import type { Session } from '../../session.ts';
import { sayBesides, shownJson, showUnread } from '../show-upgrade.ts';
import { noUpgrade } from '../upgrades.ts';
import { withLook } from '../with-look.ts';

export type ReportOptions = TenantOptions &
  HandOverOptions & { readonly run?: string; readonly list?: boolean };

/** `report` */
export async function reportUpgrade(io: Io, options: ReportOptions): Promise<ExitCode> {
  if (options.list && options.run !== undefined)
    throw new CliError('--list and --run: it can be only one of them', {
      hint: 'See the runs with --list, and one of them with --run.',
    });
  if (options.list && (options.output === 'junit' || options.output === 'html'))
    throw new CliError(`--list and --output ${options.output}: a list of runs is no report`, {
      hint: 'See the runs with --list, and the report of one of them with --run.',
    });
  if (options.list && options.statement !== undefined)
    throw new CliError('--list and --statement: a statement is about one run', {
      hint: 'See the runs with --list, and state one of them with --run.',
    });
  const { tenant } = tenantRequest(options);
  const print = (session?: Session): Promise<ExitCode> => printReport(io, session, tenant, options);
  try {
    return await withLook(io, print, print);
  } catch (error) {
    if (!isAway(error) || !(await hasReports(tenant))) throw error;
    io.err(`${error.message}. So this is what is kept in ${keptIn()}: of newer runs nothing is known.`);
    return print();
  }
}

/** Of a tenant that is known. Without a session: from what is kept. */
export async function printReport(
  io: Io,
  session: Session | undefined,
  tenant: TenantRef,
  options: ReportOptions,
): Promise<ExitCode> {
  const runs = await runsOf(session, { io, tenant });
  if (runs.length === 0) throw await noUpgrade(tenant, session ? ` on ${session.target.address}` : '');
  if (options.list) {
    const listed = await Promise.all(
      runs.map(async (run, index) => listedRun(run, index + 1, await run.read())),
    );
    io.out(options.output === 'json' ? JSON.stringify(listed, undefined, 2) : renderRuns(listed));
    return EXIT.ok;
  }
  const seen =
    options.run === undefined
      ? await lastReal(io, tenant, runs)
      : await chosen(tenant, runs, options.run).read();
  if (isUnread(seen)) {
    // Without its steps a report that is handed over would say what is not so.
    if (options.output === 'junit' || options.output === 'html' || options.statement !== undefined)
      throw seen.error;
    showUnread(io, seen, options);
    return EXIT.ok;
  }
  if (options.statement !== undefined) refuseUnlessOver(seen);
  sayBesides(io, seen);
  await withStatement(io, options, {
    print: async ({ out }) => out(await RENDERERS[options.output ?? 'text'](seen)),
    statement: (report) => tenantStatement(seen, report),
  });
  return EXIT.ok;
}

const RENDERERS: Readonly<
  Record<'text' | 'json' | 'junit' | 'html', (seen: Shown) => string | Promise<string>>
> = {
  text: async ({ again, ...seen }) =>
    renderReport(seen.progress, { ...seen, ...(again ? { again: await again() } : {}) }),
  json: (seen) => JSON.stringify(shownJson(seen), undefined, 2),
  junit: (seen) => renderReportJunit(seen.progress, seen),
  html: (seen) => renderReportHtml(seen.progress, seen),
};

/** The newest that did something; where none has, the newest. */
async function lastReal(io: Io, tenant: TenantRef, runs: readonly Run[]): Promise<Shown | Unread> {
  let newest: Shown | undefined;
  for (const run of runs) {
    const seen = await run.read();
    if (isUnread(seen)) return newest ?? seen;
    if (!foundAllDone(seen.progress)) {
      if (newest)
        io.err(
          `The newest run, of ${newest.progress.startedAt}, found everything done already: this is the last one that did something. ` +
            `All of them: ${commandLine(tenant, 'report', '--list')}`,
        );
      return seen;
    }
    newest ??= seen;
  }
  if (newest) return newest;
  throw await noUpgrade(tenant);
}

/** By its number in the list, or the beginning of its id. Throws CliError. */
function chosen(tenant: TenantRef, runs: readonly Run[], wanted: string): Run {
  const byId = wanted.length >= 4 ? runs.filter(({ runId }) => runId.startsWith(wanted)) : [];
  const run = /^\d{1,3}$/.test(wanted) ? runs[Number(wanted) - 1] : byId.length === 1 ? byId[0] : undefined;
  if (run) return run;
  throw new CliError(
    byId.length > 1
      ? `--run ${wanted}: several runs of ${tenantName(tenant)} begin so`
      : `--run ${wanted}: ${tenantName(tenant)} has no such run; there ${runs.length === 1 ? 'is 1' : `are ${runs.length}`}`,
    { hint: `See them with: ${commandLine(tenant, 'report', '--list')}` },
  );
}
