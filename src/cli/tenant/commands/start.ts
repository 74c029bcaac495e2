import type { Command } from 'commander';
import type { StartOptions } from '../actions/start.ts';
import type { Io } from '../../io.ts';
import { addMessageOptions, addNotifyOption, addOutputOption, addUpgradeOptions } from '../../options.ts';
import type { Finish } from '../../finish.ts';

export function addStart(program: Command, io: Io, finish: Finish): void {
  const command = program
    .command('start')
    .summary("start a tenant's upgrade, or attach to the one that runs")
    .description(
      "Starts a tenant's upgrade and shows it until it ends or needs a decision. Where one runs already, attaches to it:\n" +
        'after a lost connection or a crash, the same command goes on where it stopped.\n' +
        'In a terminal it shows what will happen, and asks; elsewhere, and with -o json, it needs --yes and --why.\n' +
        'Exit code: 0 upgraded, 3 blocked (nothing was touched), 4 held (a decision is needed), 5 reverted, aborted or ' +
        'abandoned, 7 not as it was planned (--plan; nothing was touched).',
    )
    .option('--plan <file>', 'do exactly what `plan --out` has written there, or say what has moved since')
    .option('-y, --yes', 'do not ask')
    .option('--dry-run', 'only show what would be changed, as `plan` does')
    .option('--no-watch', 'start it, and return; it runs where a worker runs')
    .addHelpText(
      'after',
      '\nExamples:\n' +
        '  threescale-upgrade start --context prod --namespace 3scale --why "change 4711"\n' +
        '  threescale-upgrade start -f tenant.yaml --yes --why "change 4711" -o json\n' +
        '  threescale-upgrade start --plan 3scale.plan.json --yes --why "change 4711"\n' +
        '  threescale-upgrade start -c prod -n 3scale --window-opens "0 22 * * 6" --window-minutes 240 --window-zone Europe/Berlin',
    );
  addOutputOption(addMessageOptions(addNotifyOption(addUpgradeOptions(command)))).action(
    async (options: StartOptions) => {
      const { startUpgrade } = await import('../actions/start.ts');
      finish(await startUpgrade(io, options, command));
    },
  );
}
