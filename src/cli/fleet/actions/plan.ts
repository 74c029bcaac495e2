import packageJson from '../../../../package.json' with { type: 'json' };
import { writeFleetPlan } from '../../../config/fleet/fleet-plan-file.ts';
import { shortPlanHash } from '../../../config/plan-format.ts';
import { shellWord } from '../../../domain/tenant/decisions.ts';
import type { FleetSpec } from '../../../domain/fleet/spec/spec.ts';
import { tenantsCalled } from '../../../domain/fleet/show/tenant-lines.ts';
import { CliError } from '../../cli-error.ts';
import type { ExitCode } from '../../exit-codes.ts';
import { EXIT } from '../../exit-codes.ts';
import { fleetPlanOf } from '../by-plan.ts';
import type { TenantLook } from '../look.ts';
import { lookAtFleet } from '../look.ts';
import type { FleetOverview } from '../overview.ts';
import { fleetOverview } from '../overview.ts';
import type { FleetRequest } from '../request.ts';
import { fleetRequest } from '../request.ts';
import type { Io } from '../../io.ts';
import { renderFleetPlan } from '../render/plan.ts';
import { renderFleetPlanJunit } from '../render/junit.ts';
import type { ReportOutputOptions } from '../../report-output.ts';
import { login } from '../../via.ts';

export interface PlanOptions extends ReportOutputOptions {
  readonly notify?: readonly string[];
  readonly file: string;
  readonly kubeconfig?: string;
  readonly tenant?: readonly string[];
  readonly out?: string;
}

/** `fleet plan` */
export async function planFleet(io: Io, options: PlanOptions): Promise<ExitCode> {
  const { file, tenant, out } = options;
  if (out !== undefined && tenant !== undefined)
    throw new CliError('--out and --tenant: a plan of a fleet is of all its tenants', {
      hint: 'Look at some with --tenant; write a plan of all with --out.',
    });
  const request = fleetRequest(options, io.err);
  const { spec, clusters } = request;
  const wanted = wantedOf(spec, tenant);
  const looks = await lookAtFleet({ spec, clusters, wanted, forPlan: out !== undefined, say: io.err });
  if (out === undefined) return showFleetPlan(io, request, looks, options);
  const plan = fleetPlanOf(spec, looks);
  const hash =
    plan &&
    writeFleetPlan(out, { at: new Date().toISOString(), by: login(), release: packageJson.version }, plan);
  const code = showFleetPlan(io, request, looks, { ...options, hash });
  if (hash === undefined) {
    io.err(`No plan was written to ${out}: a plan of a fleet is of all its tenants, and some have none.`);
    return code === EXIT.blocked ? code : EXIT.unreachable;
  }
  io.err(
    `Plan ${shortPlanHash(hash)} is written to ${out}. To do exactly that:  ` +
      `threescale-upgrade fleet start -f ${shellWord(file)} --plan ${shellWord(out)} --why "…"`,
  );
  return code;
}

/** Shows what was seen of a fleet's tenants, and what would change. */
export function showFleetPlan(
  io: Io,
  { spec, warnings }: FleetRequest,
  looks: readonly TenantLook[],
  { file, output, hash }: Pick<PlanOptions, 'file' | 'output'> & { readonly hash?: string | undefined },
): ExitCode {
  const overview = fleetOverview({ spec, warnings }, looks, Date.now());
  if (output === 'json')
    io.out(JSON.stringify({ ...overview, ...(hash === undefined ? {} : { planHash: hash }) }, undefined, 2));
  else if (output === 'junit') io.out(renderFleetPlanJunit(overview));
  else {
    const start = `threescale-upgrade fleet start -f ${shellWord(file)} --why "…"`;
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
