import type { Command } from 'commander';
import type { Io } from '../../io.ts';
import type { OutputOptions } from '../../options.ts';
import { addOutputOption } from '../../options.ts';

/** `list`: every tenant that was started by itself. */
export function addList(program: Command, io: Io): void {
  const list = program
    .command('list')
    .summary('list the tenants that were started by themselves')
    .description(
      'Lists the newest upgrade of every tenant that was started by itself: its state, the step it is at, since when, and who ' +
        'has started it. Works while no worker runs. Tenants of a fleet: `fleet list NAME`.',
    )
    .addHelpText(
      'after',
      '\nExamples:\n  threescale-upgrade list\n  threescale-upgrade list -o json | jq -r \'.[] | select(.state == "held") | .tenant.namespace\'',
    );
  addOutputOption(list).action(async (options: OutputOptions) => {
    const { listTenants } = await import('../actions/list.ts');
    await listTenants(io, options);
  });
}
