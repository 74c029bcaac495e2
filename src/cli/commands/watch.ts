import type { Command } from 'commander';
import { attach } from '../attach.ts';
import type { Io } from '../io.ts';
import type { OutputOptions, TenantOptions } from '../options.ts';
import { addOutputOption, addTenantOptions } from '../options.ts';
import type { Finish } from '../program.ts';
import { renderProgress } from '../render/progress.ts';
import { renderReportJunit } from '../render/junit-tenant.ts';
import { renderReport } from '../render/report.ts';
import type { ReportOutputOptions } from '../report-output.ts';
import { addReportOutput } from '../report-output.ts';
import { tenantRequest } from '../request.ts';
import { withSession } from '../session.ts';
import { exitCodeOf } from '../follow.ts';
import type { Session } from '../session.ts';
import type { Upgrade } from '../upgrades.ts';
import { pendingAttempts, readProgress, withUpgrade } from '../upgrades.ts';
import { isRunning } from '../workflows.ts';

type LookOptions = TenantOptions & OutputOptions;

/** `watch`, `status` and `report`: they only look. */
export function addLooking(program: Command, io: Io, finish: Finish): void {
  const watch = program
    .command('watch')
    .summary('show an upgrade live until it ends or needs a decision')
    .description(
      'Shows an upgrade until it ends or needs a decision. Ctrl-C leaves the upgrade alone.\nExit code: as of `start`.',
    )
    .addHelpText('after', '\nExample:\n  threescale-upgrade watch -c prod -n 3scale');
  addOutputOption(addTenantOptions(watch)).action(async (options: LookOptions) => {
    const { tenant } = tenantRequest(options);
    finish(
      await withSession(io, (session) =>
        withUpgrade(session, tenant, () => attach(session, tenant, options)),
      ),
    );
  });

  const status = program
    .command('status')
    .summary('show once where an upgrade stands and what it needs')
    .description(
      'Shows once where an upgrade stands, what it waits for, and what it needs.\nExit code: as of `start`; 0 while it runs, waits or is paused.',
    )
    .addHelpText('after', '\nExample:\n  threescale-upgrade status -c prod -n 3scale -o json | jq -r .state');
  addOutputOption(addTenantOptions(status)).action(async (options: LookOptions) => {
    const { tenant } = tenantRequest(options);
    const show = (session: Session) => async (upgrade: Upgrade) => {
      const progress = await readProgress(session, upgrade);
      if (options.output === 'json') io.out(JSON.stringify(progress, undefined, 2));
      else {
        const pending = isRunning(upgrade) ? await pendingAttempts(session, upgrade) : [];
        io.out(renderProgress(progress, { nowMs: Date.now(), colors: io.colors, pending }));
      }
      finish(exitCodeOf(progress));
    };
    await withSession(io, (session) => withUpgrade(session, tenant, show(session)));
  });

  const report = program
    .command('report')
    .summary('print what was done when, by whom and why')
    .description(
      'Prints what was done when, by whom and why: Markdown, JSON with -o json, or a test report with -o junit.\nExit code: 0, however the upgrade ended.',
    )
    .addHelpText('after', '\nExample:\n  threescale-upgrade report -c prod -n 3scale > report.md');
  addReportOutput(addTenantOptions(report)).action(async (options: TenantOptions & ReportOutputOptions) => {
    const { tenant } = tenantRequest(options);
    const print = (session: Session) => async (upgrade: Upgrade) => {
      const progress = await readProgress(session, upgrade);
      if (options.output === 'json') io.out(JSON.stringify(progress, undefined, 2));
      else io.out(options.output === 'junit' ? renderReportJunit(progress) : renderReport(progress));
    };
    await withSession(io, (session) => withUpgrade(session, tenant, print(session)));
  });
}
