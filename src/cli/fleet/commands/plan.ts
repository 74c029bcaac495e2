import type { Command } from 'commander';
import type { PlanOptions } from '../actions/plan.ts';
import type { Io } from '../../io.ts';
import type { Finish } from '../../finish.ts';
import { addNotifyOption } from '../../options.ts';
import { addReportOutput } from '../../report-output.ts';

export function addFleetPlan(fleet: Command, io: Io, finish: Finish): void {
  const command = fleet
    .command('plan')
    .summary('show what a fleet would do; changes nothing')
    .description(
      'Reads the fleet file, looks at every tenant, and shows the waves, the windows and what would change, tenants ' +
        'with identical changes together, env values redacted. Changes nothing. With --out what was planned is also written to ' +
        'a file: `fleet start --plan FILE` does exactly that, or says what has moved since.\n' +
        'Exit code: 0 nothing to do, 2 changes, 3 a check stands against a tenant, 6 no tenant could be reached (or ' +
        'some could not, and the others have nothing to do). With --out 3 and 6 mean that no file is written, as a tenant ' +
        'cannot be planned for.',
    )
    .requiredOption('-f, --file <path>', 'the fleet file (YAML)')
    .option('--kubeconfig <path>', 'kubeconfig file (default: as kubectl finds it)')
    .option('--tenant <name...>', 'look at these only')
    .option('--out <file>', 'write what was planned there, with its hash, for `fleet start --plan`')
    .addHelpText(
      'after',
      '\nExamples:\n  threescale-upgrade fleet plan -f fleet.yaml\n' +
        '  threescale-upgrade fleet plan -f fleet.yaml --tenant shop web\n' +
        '  threescale-upgrade fleet plan -f fleet.yaml --out fleet.plan.json\n' +
        '  threescale-upgrade fleet plan -f fleet.yaml -o json | jq .groups',
    );
  addReportOutput(addNotifyOption(command)).action(async (options: PlanOptions) => {
    const { planFleet } = await import('../actions/plan.ts');
    finish(await planFleet(io, options));
  });
}
