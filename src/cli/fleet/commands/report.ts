import type { Command } from 'commander';
import type { ReportOptions } from '../actions/report.ts';
import type { Io } from '../../io.ts';
import { labels } from '../labelled.ts';
import { addHandOverOutput } from '../../report-output.ts';

export function addFleetReport(fleet: Command, io: Io): void {
  const report = fleet
    .command('report <name>')
    .summary('print what was done when, by whom and why')
    .description(
      'Prints what was done when, by whom and why: the fleet, its waves, and each tenant with its steps, attempts, times and ' +
        'error. Markdown, JSON with -o json, or a test report with -o junit. Tenants’ steps are there as long as Temporal keeps what has ended.',
    )
    .option('-t, --tenant <name...>', 'only these tenants')
    .option('-w, --wave <name>', 'only this wave’s tenants')
    .option('--label <key=value...>', 'only tenants that have all of these labels', labels)
    .option('--summary', 'a row for each tenant, without its steps')
    .addHelpText(
      'after',
      '\nExamples:\n  threescale-upgrade fleet report prod > report.md\n' +
        '  threescale-upgrade fleet report prod --tenant shop-7\n  threescale-upgrade fleet report prod --summary -o json',
    );
  addHandOverOutput(report).action(async (name: string, options: ReportOptions) => {
    const { reportFleet } = await import('../actions/report.ts');
    await reportFleet(io, name, options);
  });
}
