import type { FleetProgress } from '../../../domain/fleet/show/progress.ts';
import type { FleetSpec } from '../../../domain/fleet/spec/spec.ts';
import type { TenantFilter, TenantLine } from '../../../domain/fleet/show/tenant-lines.ts';
import { tenantLines, tenantsCalled } from '../../../domain/fleet/show/tenant-lines.ts';
import { markdownText } from '../../../domain/text/markdown-text.ts';
import { CliError } from '../../cli-error.ts';
import { EXIT } from '../../exit-codes.ts';
import type { TenantDetail } from '../tenants.ts';
import { keptDetails, tenantDetails } from '../tenants.ts';
import {
  findFleet,
  fleetCommand,
  noFleet,
  readFleet,
  readSpec,
  readTenants,
  requireWave,
  sayStill,
} from '../fleets.ts';
import type { Io } from '../../io.ts';
import { isAway } from '../../is-away.ts';
import { hasFleet, keptFleet, keptIn } from '../../kept.ts';
import {
  renderFleetReport,
  renderLacks,
  renderTenantReport,
  TENANT_HEAD,
  tenantRow,
} from '../render/report.ts';
import { fleetSuite, fleetTenantSuite } from '../render/junit.ts';
import { JUNIT_TAIL, junitHead, renderSuite } from '../../render/junit-xml.ts';
import { markdownTable } from '../../render/markdown.ts';
import type { ReportOutputOptions } from '../../report-output.ts';
import type { Session } from '../../session.ts';
import { withLook } from '../../tenant/with-look.ts';

export interface ReportOptions extends ReportOutputOptions {
  readonly tenant?: readonly string[];
  readonly wave?: string;
  readonly summary?: boolean;
}

/** `fleet report` */
export async function reportFleet(io: Io, name: string, options: ReportOptions): Promise<void> {
  const fromTemporal = async (session: Session): Promise<void> => {
    const found = await findFleet(session, name);
    if (!found) {
      await printKept(io, name, options, ` on ${session.target.address}`);
      return;
    }
    const progress = await readFleet(session, found);
    if (options.wave !== undefined) requireWave(progress, options.wave);
    if (options.tenant) requireTenants(await readSpec(session, found), options.tenant);
    const lines = await readTenants(session, found, filterOf(options));
    sayStill(session, found);
    const details = options.summary ? withoutSteps(lines) : tenantDetails(session, lines);
    await print(io, { progress, lines, details }, options);
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
  const lines = tenantLines(spec, state.entries, filterOf(options));
  io.err(`This is what was kept in ${keptIn()} when the fleet had ended.`);
  const details = options.summary ? withoutSteps(lines) : keptDetails(io, lines);
  await print(io, { progress, lines, details }, options);
}

async function print(
  io: Io,
  { progress, lines, details }: Pick<Reported, 'lines' | 'details'> & { readonly progress: FleetProgress },
  { output = 'text', summary = false }: ReportOptions,
): Promise<void> {
  const lacking: TenantDetail[] = [];
  await PRINTERS[output](io, progress, { lines, details: noting(details, lacking), summary, lacking });
  for (const line of renderLacks(lacking)) io.err(`warning: ${line}`);
}

interface Reported {
  readonly lines: readonly TenantLine[];
  readonly details: AsyncIterable<TenantDetail>;
  readonly summary: boolean;
  /** Filled as they are read: those that are not whole, or not from Temporal; without their steps. */
  readonly lacking: readonly TenantDetail[];
}

async function* noting(
  details: AsyncIterable<TenantDetail>,
  lacking: TenantDetail[],
): AsyncGenerator<TenantDetail> {
  for await (const detail of details) {
    const { line, kept, missing } = detail;
    if (kept) lacking.push({ line, kept });
    else if (missing !== undefined) lacking.push({ line, missing });
    yield detail;
  }
}

/** As it is read: thousands of tenants are never in memory together. */
async function printMarkdown(io: Io, progress: FleetProgress, report: Reported): Promise<void> {
  io.out(renderFleetReport(progress));
  io.out(
    `\n## Tenants\n\n${markdownTable(
      TENANT_HEAD,
      report.lines.map((line) => tenantRow({ line })),
    )}`,
  );
  if (report.summary) return;
  for await (const detail of report.details) io.out(`\n${renderTenantReport(detail)}`);
  const lacks = renderLacks(report.lacking);
  if (lacks.length > 0)
    io.out(`\n## What this report lacks\n\n${lacks.map((line) => `- ${markdownText(line)}`).join('\n')}`);
}

/** One JSON document, a tenant a line. */
async function printJson(io: Io, progress: FleetProgress, { details }: Reported): Promise<void> {
  io.out(`{"fleet": ${JSON.stringify(progress)},\n"tenants": [`);
  let before: string | undefined;
  for await (const { line, upgrade, kept, missing } of details) {
    if (before !== undefined) io.out(`${before},`);
    before = JSON.stringify({
      ...line,
      ...(upgrade ? { upgrade } : {}),
      ...(kept ? { kept } : {}),
      ...(missing === undefined ? {} : { missing }),
    });
  }
  io.out(`${before ?? ''}]}`);
}

/** A suite for the fleet, and one for each tenant. */
async function printJunit(io: Io, progress: FleetProgress, { details }: Reported): Promise<void> {
  io.out(junitHead('3scale fleet report'));
  io.out(renderSuite(fleetSuite(progress)));
  for await (const detail of details) io.out(renderSuite(fleetTenantSuite(detail)));
  io.out(JUNIT_TAIL);
}

const PRINTERS = { text: printMarkdown, json: printJson, junit: printJunit } as const;

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
