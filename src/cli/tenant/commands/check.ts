import type { Command } from 'commander';
import type { CheckOptions } from '../actions/check.ts';
import type { Io } from '../../io.ts';
import { addUpgradeOptions } from '../../options.ts';
import { addReportOutput } from '../../report-output.ts';
import type { Finish } from '../../finish.ts';

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
  addReportOutput(addUpgradeOptions(command)).action(async (options: CheckOptions) => {
    const { check } = await import('../actions/check.ts');
    finish(await check(io, options));
  });
}
