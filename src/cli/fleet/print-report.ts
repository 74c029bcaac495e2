import type { FleetProgress } from '../../domain/fleet/show/progress.ts';
import type { TenantLine } from '../../domain/fleet/show/tenant-lines.ts';
import type { ResolvedPath } from '../../domain/tenant/step.ts';
import { markdownText } from '../../domain/text/markdown-text.ts';
import type { Io } from '../io.ts';
import { JUNIT_TAIL, junitHead, renderSuite } from '../render/junit-xml.ts';
import { markdownTable } from '../render/markdown.ts';
import type { HandOverOptions } from '../report-output.ts';
import { fleetSuite, fleetTenantSuite } from './render/junit.ts';
import {
  renderFleetReport,
  renderLacks,
  renderTenantReport,
  TENANT_HEAD,
  tenantRow,
} from './render/report.ts';
import type { TenantDetail } from './tenants.ts';

/** What a fleet's report is made of, in any format. */
export interface FleetReported {
  readonly progress: FleetProgress;
  readonly lines: readonly TenantLine[];
  readonly details: AsyncIterable<TenantDetail>;
  /** Those that its tenants take, as the fleet has them; empty where nobody needs them. */
  readonly paths: readonly ResolvedPath[];
}

/** Writes it, and says what it lacks. */
export async function printReport(
  io: Io,
  reported: FleetReported,
  { output = 'text', summary = false }: HandOverOptions & { readonly summary?: boolean },
): Promise<void> {
  const lacking: TenantDetail[] = [];
  const details = noting(reported.details, lacking);
  await PRINTERS[output](io, { ...reported, details, summary, lacking });
  for (const line of renderLacks(lacking)) io.err(`warning: ${line}`);
}

interface Printed extends FleetReported {
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
async function printMarkdown(io: Io, { progress, lines, details, summary, lacking }: Printed): Promise<void> {
  io.out(renderFleetReport(progress));
  io.out(
    `\n## Tenants\n\n${markdownTable(
      TENANT_HEAD,
      lines.map((line) => tenantRow({ line })),
    )}`,
  );
  if (summary) return;
  for await (const detail of details) io.out(`\n${renderTenantReport(detail)}`);
  const lacks = renderLacks(lacking);
  if (lacks.length > 0)
    io.out(`\n## What this report lacks\n\n${lacks.map((line) => `- ${markdownText(line)}`).join('\n')}`);
}

/** One JSON document, a tenant a line. */
async function printJson(io: Io, { progress, details }: Printed): Promise<void> {
  io.out(`{"fleet": ${JSON.stringify(progress)},\n"tenants": [`);
  let before: string | undefined;
  for await (const detail of details) {
    if (before !== undefined) io.out(`${before},`);
    before = JSON.stringify(entryOf(detail));
  }
  io.out(`${before ?? ''}]}`);
}

/** One tenant as a script is shown it. */
export const entryOf = ({ line, upgrade, kept, missing }: TenantDetail): object => ({
  ...line,
  ...(upgrade ? { upgrade } : {}),
  ...(kept ? { kept } : {}),
  ...(missing === undefined ? {} : { missing }),
});

/** A suite for the fleet, and one for each tenant. */
async function printJunit(io: Io, { progress, details }: Printed): Promise<void> {
  io.out(junitHead('3scale fleet report'));
  io.out(renderSuite(fleetSuite(progress)));
  for await (const detail of details) io.out(renderSuite(fleetTenantSuite(detail)));
  io.out(JUNIT_TAIL);
}

async function printHtml(io: Io, printed: Printed): Promise<void> {
  const { renderFleetHtml } = await import('./render/html/report.ts');
  io.out(await renderFleetHtml(printed));
}

const PRINTERS = { text: printMarkdown, json: printJson, junit: printJunit, html: printHtml } as const;
