import type { Command } from 'commander';
import { EXIT } from '../../exit-codes.ts';
import type { Io } from '../../io.ts';
import { addOutputOption } from '../../options.ts';
import type { Finish } from '../../finish.ts';

export function addFleetSchema(fleet: Command, io: Io, finish: Finish): void {
  const schema = fleet
    .command('schema')
    .summary('print the JSON Schema of the fleet file, for editors')
    .description('Prints the JSON Schema of the fleet file, so that an editor completes and checks it.')
    .addHelpText(
      'after',
      '\nExample:\n  threescale-upgrade fleet schema > fleet.schema.json\n' +
        'and as the first line of the fleet file:\n  # yaml-language-server: $schema=fleet.schema.json',
    );
  // It is JSON either way.
  addOutputOption(schema).action(async () => {
    const { fleetJsonSchema } = await import('../../../config/fleet/fleet-file.ts');
    io.out(JSON.stringify(fleetJsonSchema(), undefined, 2));
    finish(EXIT.ok);
  });
}
