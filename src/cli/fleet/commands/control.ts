import type { Command } from 'commander';
import { Option } from 'commander';
import type { AbortOptions, PauseOptions } from '../actions/control.ts';
import type { SayOptions } from '../say.ts';
import type { Io } from '../../io.ts';
import { addMessageOptions, addOutputOption } from '../../options.ts';
import type { Finish } from '../../finish.ts';
import { addSayOptions } from './say-options.ts';

/** `fleet pause`, `resume` and `abort`: signals, kept even while no worker runs. */
export function addFleetControls(fleet: Command, io: Io, finish: Finish): void {
  const pause = fleet
    .command('pause <name>')
    .summary('stop: nothing new starts, and what is under way stops before its next step')
    .description(
      'Nothing new starts, and every tenant under way stops before its next step; what rolls is finished.\n' +
        'Exit code: 0; with --wait once all have stopped; 6 no worker answers (it is paused as soon as one does), 7 no such ' +
        'fleet, or it has ended.',
    )
    .option('--new-only', 'only start nothing new; what is under way goes on')
    .option('--wait', 'until everything has stopped')
    // As earlier releases asked for what is the rule now.
    .addOption(new Option('--no-wait').hideHelp())
    .addHelpText(
      'after',
      '\nExamples:\n  threescale-upgrade fleet pause prod --why "incident 17"\n  threescale-upgrade fleet pause prod --new-only --why "no more tonight"',
    );
  addOutputOption(addMessageOptions(pause)).action(async (name: string, options: PauseOptions) => {
    const { pauseTenants } = await import('../actions/control.ts');
    finish(await pauseTenants(io, name, options));
  });

  const resume = fleet
    .command('resume <name>')
    .summary('go on after a pause or a halt')
    .description(
      'Lets a paused or halted fleet go on: the pause first, and a halt, where there is one, by another resume. Refused (7) while a failure budget is exceeded still: it would halt again at once.',
    )
    .addHelpText('after', '\nExample:\n  threescale-upgrade fleet resume prod --why "incident 17 is over"');
  addSayOptions(resume).action(async (name: string, options: SayOptions) => {
    const { resumeFleet } = await import('../actions/control.ts');
    finish(await resumeFleet(io, name, options));
  });

  const abort = fleet
    .command('abort <name>')
    .summary('end it: nothing new starts; finish or undo what is under way')
    .description(
      'Ends the fleet: what has not begun is skipped. One of the two says what becomes of the tenants under way:\n' +
        '  --finish   they go on to their end\n' +
        '  --revert   they are undone, exactly, where they have not passed the point of no return; those that have finish\n' +
        'Tenants that are upgraded stay so; to take them back: fleet revert.\n' +
        'In a terminal it asks; elsewhere, and with -o json, it needs --yes and --why.',
    )
    .option('--finish', 'let what is under way finish')
    .option('--revert', 'undo what is under way')
    .option('-y, --yes', 'do not ask')
    .addHelpText(
      'after',
      '\nExample:\n  threescale-upgrade fleet abort prod --finish --yes --why "change withdrawn"',
    );
  addSayOptions(abort).action(async (name: string, options: AbortOptions) => {
    const { abortFleet } = await import('../actions/control.ts');
    finish(await abortFleet(io, name, options, abort));
  });
}
