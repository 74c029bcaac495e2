import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import type { FleetTenantState } from '../../../domain/fleet/tenant/states.ts';
import { FLEET_TENANT_STATES } from '../../../domain/fleet/tenant/states.ts';
import type { ListOptions } from '../actions/list.ts';
import type { Io } from '../../io.ts';
import { labels } from '../labelled.ts';
import { addOutputOption } from '../../options.ts';

export function addFleetList(fleet: Command, io: Io): void {
  const list = fleet
    .command('list [name]')
    .summary('list all fleets, or the tenants of one')
    .description('Lists all fleets with their phase and counts; with a name, the tenants of that fleet.')
    .option('--state <states...>', `only tenants in these states: ${FLEET_TENANT_STATES.join(', ')}`, states)
    .option('-w, --wave <name>', 'only tenants of this wave')
    .option('--label <key=value...>', 'only tenants that have all of these labels', labels)
    .addHelpText(
      'after',
      '\nExamples:\n  threescale-upgrade fleet list\n  threescale-upgrade fleet list prod --state held reverted --wave eu',
    );
  addOutputOption(list).action(async (name: string | undefined, options: ListOptions) => {
    const { listFleetsOrTenants } = await import('../actions/list.ts');
    await listFleetsOrTenants(io, name, options);
  });
}

/** Also several in one, as in `held,lost`. */
function states(argument: string, before: readonly FleetTenantState[] = []): FleetTenantState[] {
  const known = argument.split(',').map((name) => {
    const state = FLEET_TENANT_STATES.find((one) => one === name);
    if (!state)
      throw new InvalidArgumentError(`There is no state ${name}; use: ${FLEET_TENANT_STATES.join(', ')}.`);
    return state;
  });
  return [...before, ...known];
}
