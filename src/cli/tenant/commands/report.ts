import type { Command } from 'commander';
import type { ReportOptions } from '../actions/report.ts';
import type { Io } from '../../io.ts';
import { addTenantOptions } from '../../options.ts';
import type { Finish } from '../../finish.ts';
import { addHandOverOutput } from '../../report-output.ts';

/** `report`: what was done, of the newest run or of an earlier one. */
export function addReport(program: Command, io: Io, finish: Finish): void {
  const report = program
    .command('report')
    .summary('print what was done when, by whom and why')
    .description(
      'Prints what was done when, by whom and why: Markdown, JSON with -o json, or a test report with -o junit. Without --run it is about the newest run that ' +
        'did something: one that found everything done already is no news. Reports of upgrades that have ended are kept as files ' +
        'too, and outlive what Temporal keeps.\nExit code: 0, however the upgrade ended.',
    )
    .option('--run <number>', 'of an earlier run: its number in --list, or the beginning of its id')
    .option('--list', 'list the runs of the tenant, newest first')
    .addHelpText(
      'after',
      '\nExamples:\n  threescale-upgrade report -c prod -n 3scale > report.md\n' +
        '  threescale-upgrade report -c prod -n 3scale --list\n  threescale-upgrade report -c prod -n 3scale --run 2',
    );
  addHandOverOutput(addTenantOptions(report)).action(async (options: ReportOptions) => {
    const { reportUpgrade } = await import('../actions/report.ts');
    finish(await reportUpgrade(io, options));
  });
}
