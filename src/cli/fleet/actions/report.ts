import type { FleetSpec } from '../../../domain/fleet/spec/spec.ts';
import type { TenantFilter, TenantLine } from '../../../domain/fleet/show/tenant-lines.ts';
import { tenantLines, tenantsCalled } from '../../../domain/fleet/show/tenant-lines.ts';
import { CliError } from '../../cli-error.ts';
import { EXIT } from '../../exit-codes.ts';
import type { TenantDetail } from '../tenants.ts';
import { keptDetails, tenantDetails } from '../tenants.ts';
import type { FoundFleet } from '../fleets.ts';
import { fleetCommand } from '../fleet-command.ts';
import { findFleet, noFleet, readFleet, readSpec, readTenants, requireWave, sayStill } from '../fleets.ts';
import { labelled } from '../labelled.ts';
import type { Io } from '../../io.ts';
import { isAway } from '../../is-away.ts';
import { hasFleet, keptFleet, keptIn } from '../../kept.ts';
import { planFileOf } from '../../begin.ts';
import { handOver } from '../hand-over.ts';
import type { HandOverOptions } from '../../report-output.ts';
import type { Session } from '../../session.ts';
import { withLook } from '../../tenant/with-look.ts';

export interface ReportOptions extends HandOverOptions {
  readonly tenant?: readonly string[];
  readonly wave?: string;
  readonly label?: readonly string[];
  readonly summary?: boolean;
}

/** `fleet report` */
export async function reportFleet(io: Io, name: string, options: ReportOptions): Promise<void> {
  if (options.summary && options.statement !== undefined)
    throw new CliError('--summary and --statement: a statement is about the steps of each tenant', {
      hint: 'Leave one of them out.',
    });
  const fromTemporal = async (session: Session): Promise<void> => {
    const found = await findFleet(session, name);
    if (!found) {
      await printKept(io, name, options, ` on ${session.target.address}`);
      return;
    }
    const progress = await readFleet(session, found);
    if (options.wave !== undefined) requireWave(progress, options.wave);
    const spec = await specFor(session, found, options);
    if (options.tenant && spec) requireTenants(spec, options.tenant);
    const lines = labelled(await readTenants(session, found, filterOf(options)), options.label);
    sayStill(session, found);
    const details = options.summary ? withoutSteps(lines) : tenantDetails(session, lines);
    await handOver(io, { progress, lines, details, spec, planFile: planFileOf(found) }, options);
  };
  try {
    await withLook(io, fromTemporal, () => printKept(io, name, options));
  } catch (error) {
    if (!isAway(error) || !(await hasFleet(name))) throw error;
    io.err(`${error.message}. Of a newer run of the fleet nothing is known.`);
    await printKept(io, name, options);
  }
}

/** Where Temporal does not have it. Throws CliError where it is not kept either. */
async function printKept(io: Io, name: string, options: ReportOptions, where = ''): Promise<void> {
  const kept = await keptFleet(io, name);
  if (!kept) throw await noFleet(name, where);
  const { progress, spec, state } = kept;
  if (options.wave !== undefined) requireWave(progress, options.wave);
  if (options.tenant) requireTenants(spec, options.tenant);
  const lines = labelled(tenantLines(spec, state.entries, filterOf(options)), options.label);
  io.err(`This is what was kept in ${keptIn()} when the fleet had ended.`);
  const details = options.summary ? withoutSteps(lines) : keptDetails(io, lines);
  await handOver(io, { progress, lines, details, spec }, options);
}

/** Only where it is needed: of a fleet that runs it is another question to a worker. */
async function specFor(
  session: Session,
  found: FoundFleet,
  { tenant, output, statement }: ReportOptions,
): Promise<FleetSpec | undefined> {
  const isNeeded = tenant !== undefined || output === 'html' || statement !== undefined;
  return isNeeded ? readSpec(session, found) : undefined;
}

async function* withoutSteps(lines: readonly TenantLine[]): AsyncGenerator<TenantDetail> {
  for (const line of lines) yield await Promise.resolve({ line });
}

function filterOf({ tenant: tenants, wave }: ReportOptions): TenantFilter {
  return { ...(tenants ? { tenants } : {}), ...(wave === undefined ? {} : { wave }) };
}

/** Throws CliError for a name that nobody answers to. */
function requireTenants(spec: FleetSpec, names: readonly string[]): void {
  const { unknown } = tenantsCalled(spec, names);
  if (unknown.length === 0) return;
  throw new CliError(`the fleet ${spec.name} has no tenant ${unknown.join(', ')}`, {
    hint: `Its tenants: ${fleetCommand(spec.name, 'list')}`,
    exitCode: EXIT.refused,
  });
}
