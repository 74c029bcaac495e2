import type { Command } from 'commander';
import { preflight } from '../../../activities/preflight.ts';
import { isBlocked } from '../../domain/finding.ts';
import { tenantName } from '../../domain/tenant.ts';
import { neededForSwitchMs } from '../../domain/window.ts';
import { findWindow } from '../../domain/windows.ts';
import { EXIT } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import type { UpgradeOptions } from '../options.ts';
import { addUpgradeOptions } from '../options.ts';
import { lookAt } from '../look.ts';
import { renderFindings } from '../render/findings.ts';
import { renderCheckJunit } from '../render/junit-tenant.ts';
import type { ReportOutputOptions } from '../report-output.ts';
import { addReportOutput } from '../report-output.ts';
import { renderWindow } from '../render/window.ts';
import { upgradeRequest } from '../request.ts';
import type { Finish } from '../program.ts';

export function addCheck(program: Command, io: Io, finish: Finish): void {
  const command = program
    .command('check')
    .summary('look whether a tenant can be upgraded; changes nothing')
    .description(
      'Looks at a tenant and reports everything that stands against its upgrade, together, each with what to do, and when ' +
        'its maintenance windows leave room for it. Changes nothing.\n' +
        'Exit code: 0 no obstacle, 3 blocked.',
    )
    .addHelpText(
      'after',
      '\nExamples:\n  threescale-upgrade check --context prod --namespace 3scale\n' +
        '  threescale-upgrade check --context prod --namespace 3scale -o junit > check.xml',
    );
  addReportOutput(addUpgradeOptions(command)).action(
    async (options: UpgradeOptions & ReportOutputOptions) => {
      const request = upgradeRequest(options, io.err);
      const { tenant } = request;
      const { windows } = request.choices;
      const report = await lookAt(request, (look) => preflight(look, request.path));
      const window = findWindow(windows, neededForSwitchMs(windows), Date.now());
      const shown = renderWindow(windows, window);
      if (options.output === 'json')
        io.out(JSON.stringify({ tenant, ...report, windows, window }, undefined, 2));
      else if (options.output === 'junit') io.out(renderCheckJunit(tenant, report, shown));
      else {
        io.out(renderFindings(tenantName(tenant), report, io.colors));
        io.out(`maintenance window: ${shown}`);
      }
      finish(isBlocked(report) ? EXIT.blocked : EXIT.ok);
    },
  );
}
