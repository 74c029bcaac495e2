import type { Command } from 'commander';
import type { Io } from '../../io.ts';
import type { Finish } from '../../finish.ts';
import { addFleetApply } from './apply.ts';
import { addFleetControls } from './control.ts';
import { addFleetDecisions } from './decide.ts';
import { addFleetDiscover } from './discover.ts';
import { addFleetList } from './list.ts';
import { addFleetLooking } from './look.ts';
import { addFleetPlan } from './plan.ts';
import { addFleetReport } from './report.ts';
import { addFleetSchema } from './schema.ts';
import { addFleetSet } from './set.ts';
import { addFleetStart } from './start.ts';

/** `fleet <verb>`: thousands of tenants, in waves, inside their windows. */
export function addFleet(program: Command, io: Io, finish: Finish): void {
  const fleet = program
    .command('fleet')
    .summary('upgrade many tenants in waves, inside their windows')
    .description(
      'Upgrades a fleet of tenants that a file describes: in waves, inside their maintenance windows, within failure budgets.',
    )
    .addHelpText('after', HELP);
  addFleetDiscover(fleet, io, finish);
  addFleetPlan(fleet, io, finish);
  addFleetStart(fleet, io, finish);
  addFleetLooking(fleet, io, finish);
  addFleetControls(fleet, io, finish);
  addFleetDecisions(fleet, io, finish);
  addFleetSet(fleet, io, finish);
  addFleetApply(fleet, io, finish);
  addFleetReport(fleet, io);
  addFleetList(fleet, io);
  addFleetSchema(fleet, io, finish);
}

const HELP = `
A first fleet:
  threescale-upgrade fleet discover --context prod > fleet.yaml
  threescale-upgrade fleet plan  -f fleet.yaml
  threescale-upgrade fleet start -f fleet.yaml --why "change 4711"

Exit codes: 0 all upgraded, 2 plan has changes, 3 all but blocked ones, 4 needs somebody, 5 ended otherwise, 6 no worker
answers or cluster unreachable, 7 refused, 64 wrong flags or files, 130 interrupted.`;
