import type { Command } from 'commander';
import type { SetOptions } from '../actions/set.ts';
import type { Io } from '../../io.ts';
import type { Finish } from '../../finish.ts';
import { addSayOptions } from './say-options.ts';
import { collectText } from '../../options.ts';
import { allowance, positive } from './choice.ts';

export function addFleetSet(fleet: Command, io: Io, finish: Finish): void {
  const set = fleet
    .command('set <name>')
    .summary('change limits, failure budgets and who is told while it runs')
    .description(
      'Changes limits at once, of the fleet or, with --wave, of a wave. What is in flight above a lower limit finishes.\n' +
        'A later `fleet apply` takes what its file says. Exit code 7 where it is refused.',
    )
    .option('-w, --wave <name>', 'of this wave only')
    .option('--max-concurrent <number>', 'tenants in flight at once', positive)
    .option('--max-concurrent-per-cluster <number>', 'of one cluster', positive)
    .option('--failed <number or percent>', 'budget: reverted, held or lost tenants', allowance)
    .option('--blocked <number or percent>', 'budget: tenants that a check stands against', allowance)
    .option('--unreachable <number or percent>', 'budget: tenants whose cluster does not answer', allowance)
    .option('--strict', 'those in flight count as failed, so that the budget can never be exceeded')
    .option('--no-strict', 'they do not')
    .option(
      '--notify <receiver>',
      'who is told from now on, in the place of one of that name; may be repeated',
      collectText,
    )
    .option('--no-notify', 'nobody is told any more')
    .addHelpText(
      'after',
      '\nExamples:\n  threescale-upgrade fleet set prod --max-concurrent 5 --why "API server is slow"\n' +
        '  threescale-upgrade fleet set prod --wave eu --failed 4 --why "known cause"',
    );
  addSayOptions(set).action(async (name: string, options: SetOptions) => {
    const { setLimits } = await import('../actions/set.ts');
    finish(await setLimits(io, name, options));
  });
}
