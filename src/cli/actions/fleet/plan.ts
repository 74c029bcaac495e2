import { shellWord } from '../../../domain/decisions.ts';
import type { FleetSpec } from '../../../domain/fleet/spec.ts';
import { tenantsCalled } from '../../../domain/fleet/tenant-lines.ts';
import { CliError } from '../../cli-error.ts';
import type { ExitCode } from '../../exit-codes.ts';
import { EXIT } from '../../exit-codes.ts';
import { lookAtFleet } from '../../fleet-look.ts';
import type { FleetOverview } from '../../fleet-overview.ts';
import { fleetOverview } from '../../fleet-overview.ts';
import { fleetRequest } from '../../fleet-request.ts';
import type { Io } from '../../io.ts';
import { renderFleetPlan } from '../../render/fleet-plan.ts';
import { renderFleetPlanJunit } from '../../render/junit-fleet.ts';
import type { ReportOutputOptions } from '../../report-output.ts';

export interface PlanOptions extends ReportOutputOptions {
  readonly file: string;
  readonly kubeconfig?: string;
  readonly tenant?: readonly string[];
}

/** A line of progress for so many looks. */
const TOLD_EVERY = 100;

/** Looks at the tenants of a fleet file and shows what would change. */
export async function showFleetPlan(io: Io, options: PlanOptions): Promise<ExitCode> {
  const { spec, warnings, clusters } = fleetRequest(options, io.err);
  const wanted = wantedOf(spec, options.tenant);
  const progress = (done: number, of: number): void => {
    if (done % TOLD_EVERY === 0 && done < of) io.err(`looked at ${done} of ${of} tenants`);
  };
  const looks = await lookAtFleet({ spec, clusters, wanted, progress });
  const overview = fleetOverview({ spec, warnings }, looks, Date.now());
  if (options.output === 'json') io.out(JSON.stringify(overview, undefined, 2));
  else if (options.output === 'junit') io.out(renderFleetPlanJunit(overview));
  else {
    const start = `threescale-upgrade fleet start -f ${shellWord(options.file)} --why "…"`;
    io.out(renderFleetPlan(overview, io.colors, start));
  }
  return exitCodeOf(overview);
}

function exitCodeOf({ groups, blocked, unreachable, elsewhere }: FleetOverview): ExitCode {
  if (blocked.length > 0) return EXIT.blocked;
  if (groups.some(({ hasChanges }) => hasChanges)) return EXIT.changes;
  return unreachable.length + elsewhere.length > 0 ? EXIT.unreachable : EXIT.ok;
}

/** Indexes of the tenants named; all where none is. Throws CliError for a name that is none. */
function wantedOf(spec: FleetSpec, names: readonly string[] | undefined): readonly number[] {
  if (names === undefined) return spec.tenants.map((_, index) => index);
  const { indexes, unknown } = tenantsCalled(spec, names);
  if (unknown.length === 0) return indexes;
  throw new CliError(`the fleet ${spec.name} has no tenant ${unknown.join(', ')}`, {
    hint: 'Use a name of the fleet file, or cluster/namespace.',
  });
}
