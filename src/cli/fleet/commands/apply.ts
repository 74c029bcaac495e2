import type { Command } from 'commander';
import type { ApplyOptions } from '../actions/apply.ts';
import type { Io } from '../../io.ts';
import type { Finish } from '../../finish.ts';
import { addNotifyOption } from '../../options.ts';
import { addSayOptions } from './say-options.ts';

export function addFleetApply(fleet: Command, io: Io, finish: Finish): void {
  const apply = fleet
    .command('apply')
    .summary('take an edited file over while the fleet runs')
    .description(
      'Shows what an edited file changes in the fleet that runs (tenants more, less, in other waves; waves, limits, settings), ' +
        'asks (where there is no terminal, and with -o json, it needs --yes and --why), and takes it over as a whole. Only tenants that were not started can go. What was started keeps its plan.\n' +
        'Exit code: 0 taken over or nothing to change, 2 --dry-run shows changes, 7 refused.',
    )
    .requiredOption('-f, --file <path>', 'the fleet file (YAML)')
    .option('-y, --yes', 'do not ask')
    .option('--dry-run', 'only show the difference')
    .addHelpText(
      'after',
      '\nExamples:\n  threescale-upgrade fleet apply -f fleet.yaml --dry-run\n' +
        '  threescale-upgrade fleet apply -f fleet.yaml --yes --why "two more shops"',
    );
  addSayOptions(addNotifyOption(apply)).action(async (options: ApplyOptions) => {
    const { applyFile } = await import('../actions/apply.ts');
    finish(await applyFile(io, options, apply));
  });
}
