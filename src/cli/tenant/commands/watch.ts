import type { Command } from 'commander';
import type { LookOptions } from '../actions/watch.ts';
import type { Io } from '../../io.ts';
import { addOutputOption, addTenantOptions } from '../../options.ts';
import type { Finish } from '../../finish.ts';

const NO_WORKER = 'Where no worker runs, it says so, and shows where the upgrade stood last.';

/** `watch` and `status`: they only look. */
export function addLooking(program: Command, io: Io, finish: Finish): void {
  const watch = program
    .command('watch')
    .summary('show an upgrade live until it ends or needs a decision')
    .description(
      `Shows an upgrade until it ends or needs a decision. Ctrl-C leaves the upgrade alone. ${NO_WORKER}\nExit code: as of \`start\`.`,
    )
    .addHelpText('after', '\nExample:\n  threescale-upgrade watch -c prod -n 3scale');
  addOutputOption(addTenantOptions(watch)).action(async (options: LookOptions) => {
    const { watchUpgrade } = await import('../actions/watch.ts');
    finish(await watchUpgrade(io, options));
  });

  const status = program
    .command('status')
    .summary('show once where an upgrade stands and what it needs')
    .description(
      `Shows once where an upgrade stands, what it waits for, and what it needs. ${NO_WORKER}\nExit code: as of \`start\`; 0 while it runs, waits or is paused.`,
    )
    .addHelpText('after', '\nExample:\n  threescale-upgrade status -c prod -n 3scale -o json | jq -r .state');
  addOutputOption(addTenantOptions(status)).action(async (options: LookOptions) => {
    const { lookOnce } = await import('../actions/watch.ts');
    finish(await lookOnce(io, options));
  });
}
