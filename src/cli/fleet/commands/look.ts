import type { Command } from 'commander';
import type { StatusOptions } from '../actions/look.ts';
import type { Io } from '../../io.ts';
import type { OutputOptions } from '../../options.ts';
import { addOutputOption } from '../../options.ts';
import type { Finish } from '../../finish.ts';

const CODES =
  'Exit code: 0 all upgraded, 3 all but blocked ones, 4 it needs somebody, 5 it ended otherwise, 6 nobody answers.';

/** `fleet watch` and `fleet status`: they only look. */
export function addFleetLooking(fleet: Command, io: Io, finish: Finish): void {
  const watch = fleet
    .command('watch <name>')
    .summary('show a fleet live until it ends or needs somebody')
    .description(
      `Shows a fleet until it ends or stands still until somebody decides. Ctrl-C leaves the fleet alone.\n${CODES}`,
    )
    .addHelpText('after', '\nExample:\n  threescale-upgrade fleet watch prod');
  addOutputOption(watch).action(async (name: string, options: OutputOptions) => {
    const { watchFleet } = await import('../actions/look.ts');
    finish(await watchFleet(io, name, options));
  });

  const status = fleet
    .command('status <name>')
    .summary('show once where a fleet stands and what it needs')
    .description(
      `Shows once where a fleet stands, what it waits for, and what it needs.\n${CODES} 0 too while it runs.`,
    )
    .option('--wait', 'until it ends or needs somebody; for pipelines')
    .addHelpText(
      'after',
      '\nExamples:\n  threescale-upgrade fleet status prod -o json | jq .counts\n  threescale-upgrade fleet status prod --wait',
    );
  addOutputOption(status).action(async (name: string, options: StatusOptions) => {
    const { showFleet } = await import('../actions/look.ts');
    finish(await showFleet(io, name, options));
  });
}
