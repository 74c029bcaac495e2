import type { Command } from 'commander';
import type { StartOptions } from '../actions/start.ts';
import type { Io } from '../../io.ts';
import { addMessageOptions, addNotifyOption, addOutputOption } from '../../options.ts';
import type { Finish } from '../../finish.ts';

export function addFleetStart(fleet: Command, io: Io, finish: Finish): void {
  const start = fleet
    .command('start')
    .summary('start a fleet, or attach to the one that runs')
    .description(
      'Starts the fleet of a file, and shows it until it ends or needs somebody. Where it runs already with the same file, ' +
        'attaches to it: after a lost connection or a crash, the same command goes on where it stopped. One that has ended ' +
        'is started anew; what is upgraded is found so, and left alone.\n' +
        'In a terminal it shows what will happen, and asks; elsewhere, and with -o json, it needs --yes and --why.\n' +
        'With --plan it looks at every tenant again right before the start, and starts only where all is as it was planned; ' +
        'a plan that was carried out already is said to be.\n' +
        'Exit code: 0 all upgraded, 3 all but blocked ones, 4 it needs somebody, 5 it ended otherwise, 7 it runs with ' +
        'another file, or is not as it was planned (--plan; nothing was started).',
    )
    .requiredOption('-f, --file <path>', 'the fleet file (YAML)')
    .option('--kubeconfig <path>', 'kubeconfig file (default: as kubectl finds it)')
    .option(
      '--plan <file>',
      'do exactly what `fleet plan --out` has written there, or say what has moved since',
    )
    .option('-y, --yes', 'do not ask')
    .option('--dry-run', 'only show what would be changed, as `fleet plan` does')
    .option('--no-watch', 'start it, and return; it runs where a worker runs')
    .option('--wait', 'without live output: only the end, and the exit code; for pipelines')
    .addHelpText(
      'after',
      '\nExamples:\n  threescale-upgrade fleet start -f fleet.yaml --why "change 4711"\n' +
        '  threescale-upgrade fleet start -f fleet.yaml --plan fleet.plan.json --yes --why "change 4711"\n' +
        '  threescale-upgrade fleet start -f fleet.yaml --yes --wait --why "change 4711" -o json',
    );
  addOutputOption(addMessageOptions(addNotifyOption(start))).action(async (options: StartOptions) => {
    const { startFleetOf } = await import('../actions/start.ts');
    finish(await startFleetOf(io, options, start));
  });
}
