import type { Command } from 'commander';
import type { ApproveOptions, DecideOptions, RetryOptions, RevertOptions } from '../actions/decide.ts';
import type { Io } from '../../io.ts';
import type { Finish } from '../../finish.ts';
import { addSayOptions } from './say-options.ts';
import { addChoiceOptions } from './choice.ts';

const REFUSED =
  'What cannot be is refused with the reason, exit code 7; of a wave, or of all, whom it is not for is passed over.';

/** `fleet approve`, `retry`, `skip` and `revert`: decisions, refused with a reason where they are wrong. */
export function addFleetDecisions(fleet: Command, io: Io, finish: Finish): void {
  const approve = fleet
    .command('approve <name>')
    .summary('let a wave begin that needs approval')
    .description(`Lets a wave begin that needs approval; also before its turn has come. ${REFUSED}`)
    .requiredOption('-w, --wave <name>', 'the wave')
    .addHelpText(
      'after',
      '\nExample:\n  threescale-upgrade fleet approve prod --wave eu --why "canary looks well"',
    );
  addSayOptions(approve).action(async (name: string, options: ApproveOptions) => {
    const { approveWave } = await import('../actions/decide.ts');
    finish(await approveWave(io, name, options));
  });

  const retry = fleet
    .command('retry <name>')
    .summary('try again those that failed')
    .description(
      'Tries again tenants that were reverted, blocked or lost, or are held, with the plan that they were started with; ' +
        'tenants that were skipped or taken back only where they, or their wave, are named. A fleet that has ended goes on\n' +
        `with them in a new run. ${REFUSED}`,
    )
    .option('--new-plan', 'with the plan of the file that is in force now')
    .addHelpText(
      'after',
      '\nExamples:\n  threescale-upgrade fleet retry prod --tenant shop-7 --why "registry is back"\n' +
        '  threescale-upgrade fleet retry prod --all --new-plan --why "mirror put right in the file"',
    );
  addSayOptions(addChoiceOptions(retry, 'all that failed')).action(
    async (name: string, options: RetryOptions) => {
      const { retryTenants } = await import('../actions/decide.ts');
      finish(await retryTenants(io, name, options));
    },
  );

  const skip = fleet
    .command('skip <name>')
    .summary('leave tenants out')
    .description(
      `Leaves tenants out that have not begun, or that failed. Those under way, or held half way, cannot be. ${REFUSED}`,
    )
    .addHelpText(
      'after',
      '\nExample:\n  threescale-upgrade fleet skip prod --tenant shop-7 --why "goes next month"',
    );
  addSayOptions(addChoiceOptions(skip)).action(async (name: string, options: DecideOptions) => {
    const { skipTenants } = await import('../actions/decide.ts');
    finish(await skipTenants(io, name, options));
  });

  const revert = fleet
    .command('revert <name>')
    .summary('bring tenants back to the old version')
    .description(
      'Brings tenants back, last first, from their backups: those under way, those held, and those that are upgraded. The ' +
        'database of an upgraded tenant stays migrated, which nobody supports: so the fleet must be named with --confirm (a\n' +
        `terminal asks for it, and for the reason; elsewhere both are needed). --all ends the fleet, --wave halts it. Also after the fleet has ended. ${REFUSED}`,
    )
    .option('--confirm <fleet>', 'the name of the fleet, typed')
    .addHelpText(
      'after',
      '\nExample:\n  threescale-upgrade fleet revert prod --wave canary --confirm prod --why "portal does not load"',
    );
  addSayOptions(addChoiceOptions(revert, 'the whole fleet')).action(
    async (name: string, options: RevertOptions) => {
      const { revertTenants } = await import('../actions/decide.ts');
      finish(await revertTenants(io, name, options, revert));
    },
  );
}
