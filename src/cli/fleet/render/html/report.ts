import { describeKept } from '../../../../domain/tenant/report-kept.ts';
import type { ResolvedPath } from '../../../../domain/tenant/step.ts';
import type { FleetProgress } from '../../../../domain/fleet/show/progress.ts';
import { pathsShown } from '../../../../domain/fleet/show/progress.ts';
import type { TenantLine } from '../../../../domain/fleet/show/tenant-lines.ts';
import { deviationsTable } from '../../../render/html/deviations.ts';
import { documentedPaths } from '../../../render/html/known-paths.ts';
import type { Part } from '../../../render/html/markup.ts';
import { html } from '../../../render/html/markup.ts';
import { momentOf } from '../../../render/html/moment.ts';
import { isNothing, list, renderPage, section } from '../../../render/html/page.ts';
import { facts, table } from '../../../render/html/table.ts';
import { between } from '../../../render/markdown.ts';
import { journalTable } from '../../../tenant/render/html/journal.ts';
import type { TenantDetail } from '../../tenants.ts';
import { renderLacks, TENANT_HEAD, tenantRow } from '../report.ts';
import { renderCounts } from '../state.ts';
import { StepDurations } from './durations.ts';
import { LeftBehind, leftToDo } from './left.ts';
import { statesTable } from './states.ts';
import { tenantSection } from './tenant.ts';
import { wavesTable } from './waves.ts';

/** What a fleet's document is made of. */
export interface FleetReported {
  readonly progress: FleetProgress;
  readonly lines: readonly TenantLine[];
  readonly details: AsyncIterable<TenantDetail>;
  /** A row for each tenant, without its steps. */
  readonly summary: boolean;
  /** Those that its tenants take, as the fleet has them. */
  readonly paths: readonly ResolvedPath[];
  /** Filled as the details are read: those that are not whole. */
  readonly lacking: readonly TenantDetail[];
}

/**
 * The report of a fleet as a document to be handed over. Of its tenants one at a time is in memory, and what is written of the
 * others. The same report gives the same bytes.
 */
export async function renderFleetHtml(reported: FleetReported): Promise<string> {
  const { progress, lines, summary } = reported;
  const title = `3scale ${pathsShown(progress)}: fleet ${progress.name}`;
  const anchors = new Map(lines.map(({ name }, index) => [name, `t${index + 1}`]));
  const read = await readAll(reported, anchors);
  const anchorOf = summary ? undefined : ({ name }: TenantLine) => anchors.get(name) ?? '';
  const left = [leftToDo(progress, lines, anchorOf), read.left.list()];
  return renderPage(title, [
    html`<header>
      <h1>${title}</h1>
      <p>${progress.phase}: ${renderCounts(progress.counts)}</p>
    </header> `,
    factsOf(progress),
    section('What is left to do', isNothing(left) ? html`<p>Nothing.</p>` : left),
    section('Tenants by state', statesTable(progress.counts, progress.total)),
    section('Waves over time', wavesTable(progress, lines)),
    section('How long steps took', read.durations.table()),
    section('What happened, and who decided it', journalTable(progress.journal)),
    section('Otherwise than the guide', deviationsTable(progress, read.guides)),
    section('Tenants', summary ? rowsOf(lines) : byWave(lines, read.sections)),
    section('What this report lacks', list(renderLacks(reported.lacking))),
  ]);
}

interface Read {
  /** In the order of the lines. */
  readonly sections: readonly Part[];
  readonly durations: StepDurations;
  readonly left: LeftBehind;
  readonly guides: ReadonlySet<string>;
}

async function readAll(
  { details, paths, summary }: FleetReported,
  anchors: ReadonlyMap<string, string>,
): Promise<Read> {
  const sections: Part[] = [];
  const durations = new StepDurations();
  const left = new LeftBehind();
  const guides = new Set<string>();
  const known = [...paths, ...documentedPaths()];
  for await (const detail of details) {
    const { line, upgrade } = detail;
    if (upgrade) durations.add(upgrade);
    for (const { guide } of upgrade?.steps ?? []) guides.add(guide);
    left.add(detail);
    if (!summary) sections.push(tenantSection(detail, anchors.get(line.name) ?? '', known));
  }
  return { sections, durations, left, guides };
}

function byWave(lines: readonly TenantLine[], sections: readonly Part[]): Part {
  const places = lines.map(({ wave }, index) => ({ wave, index }));
  return [...Map.groupBy(places, ({ wave }) => wave)].map(
    ([wave, own]) =>
      html`<h3>Wave ${wave}</h3>
        ${own.map(({ index }) => sections[index])}`,
  );
}

const rowsOf = (lines: readonly TenantLine[]): Part =>
  table(
    TENANT_HEAD.map((name, place) => (place === 0 ? { name, as: 'head' } : { name, named: true })),
    lines.map((line) => tenantRow({ line })),
  );

function factsOf(progress: FleetProgress): Part {
  const { startedAt, startedBy, endedAt, total, specHash, limits, reportKept } = progress;
  const { failed, blocked, unreachable, strict } = limits.failureBudget;
  return facts([
    ['Started', `${momentOf(startedAt)} by ${startedBy.by}: ${startedBy.why}`],
    ['Ended', endedAt === undefined ? 'not yet' : momentOf(endedAt)],
    ...(endedAt === undefined ? [] : ([['Took', between(startedAt, endedAt)]] as const)),
    ['Tenants', String(total)],
    [
      'Failure budget',
      `${failed} failed, ${blocked} blocked, ${unreachable} unreachable${strict ? ', strict' : ''}`,
    ],
    ['File', html`<code>${specHash}</code>`],
    ...(reportKept ? ([['Report kept', describeKept(reportKept)]] as const) : []),
  ]);
}
