import type { Command } from 'commander';
import type { NotifyTestOptions } from '../actions/notify.ts';
import type { Finish } from '../finish.ts';
import type { Io } from '../io.ts';
import { addNotifyOption, addOutputOption } from '../options.ts';

/** `notify test` */
export function addNotify(program: Command, io: Io, finish: Finish): void {
  const notify = program
    .command('notify')
    .summary('see whether messages about upgrades arrive')
    .description('About those who are told of upgrades: notify: of fleet files and tenant files.');
  const test = notify
    .command('test')
    .summary('send each receiver a test message, and see whether it arrives')
    .description(
      'Lets a worker send a test message to every receiver of a fleet file or a tenant file, or of --notify, with the ' +
        'secrets and the commands that the worker has; tries for half a minute. Nothing else happens.\n' +
        'Exit code: 0 all have got it, 5 somebody has not, 6 no worker has taken it up.',
    )
    .option('-f, --file <path>', 'a fleet file or a tenant file (YAML)')
    .addHelpText(
      'after',
      '\nExamples:\n  threescale-upgrade notify test -f fleet.yaml\n' +
        "  threescale-upgrade notify test --notify '{slack: {url: {env: THREESCALE_UPGRADE_NOTIFY_CHAT}}}'",
    );
  addOutputOption(addNotifyOption(test)).action(async (options: NotifyTestOptions) => {
    const { testReceivers } = await import('../actions/notify.ts');
    finish(await testReceivers(io, options));
  });
}
