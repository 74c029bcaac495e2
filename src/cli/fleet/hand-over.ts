import type { FleetSpec } from '../../domain/fleet/spec/spec.ts';
import type { Io } from '../io.ts';
import type { HandOverOptions } from '../report-output.ts';
import { withStatement } from '../statement/written.ts';
import type { FleetReported } from './print-report.ts';
import { printReport } from './print-report.ts';
import { FleetStatement, refuseUnlessOver } from './statement.ts';
import type { TenantDetail } from './tenants.ts';

/** What a fleet's report and its statement are made of. */
interface HandedOver extends Omit<FleetReported, 'paths'> {
  /** Absent where nobody needs it. */
  readonly spec: FleetSpec | undefined;
  /** Hash of the plan file that it was started by. */
  readonly planFile?: string | undefined;
}

/** Writes a fleet's report, and the statement about it where one is wanted. Throws CliError, ConfigError. */
export async function handOver(
  io: Io,
  { spec, planFile, ...reported }: HandedOver,
  options: HandOverOptions & { readonly summary?: boolean },
): Promise<void> {
  const { progress, lines, details } = reported;
  const isStated = spec !== undefined && options.statement !== undefined;
  const statement = isStated ? new FleetStatement(spec, planFile) : undefined;
  if (statement) refuseUnlessOver(progress, lines);
  await withStatement(io, options, {
    print: (to) =>
      printReport(to, { ...reported, details: told(details, statement), paths: spec?.paths ?? [] }, options),
    statement: (report) => statement?.text(report, progress) ?? '',
  });
}

async function* told(
  details: AsyncIterable<TenantDetail>,
  statement: FleetStatement | undefined,
): AsyncGenerator<TenantDetail> {
  for await (const detail of details) {
    statement?.add(detail);
    yield detail;
  }
}
