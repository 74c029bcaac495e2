import { describeKept } from '../../../../domain/tenant/report-kept.ts';
import type { TenantProgress } from '../../../../domain/tenant/progress.ts';
import { deviationsTable } from '../../../render/html/deviations.ts';
import { documentedPaths } from '../../../render/html/known-paths.ts';
import type { Part } from '../../../render/html/markup.ts';
import { html } from '../../../render/html/markup.ts';
import { momentOf } from '../../../render/html/moment.ts';
import { list, renderPage, section } from '../../../render/html/page.ts';
import { facts, table } from '../../../render/html/table.ts';
import { between } from '../../../render/markdown.ts';
import { crossingOf } from '../report.ts';
import { changesTable, untouched } from './changes.ts';
import { journalTable } from './journal.ts';
import { leftToDo } from './left.ts';
import { stepTimeline } from './timeline.ts';
import { retries, troubles } from './trouble.ts';
import { shareOf, stateShown } from './words.ts';

/** What is to be said of an upgrade besides: that it stands still, or how it was ended from outside. */
interface Beside {
  readonly still?: string;
  readonly left?: { readonly message: string };
}

/** The report of one tenant as a document to be handed over. The same report gives the same bytes. */
export function renderReportHtml(progress: TenantProgress, beside: Beside = {}): string {
  const { tenant, from, to } = progress;
  const title = `3scale ${from} → ${to}: ${tenant.context}/${tenant.namespace}`;
  const left = leftToDo(progress);
  const changes = changesTable(progress, documentedPaths());
  return renderPage(title, [
    html`<header>
      <h1>${title}</h1>
      <p>${stateShown(progress.state, shareOf(progress.state))}</p>
    </header> `,
    factsOf(progress, beside),
    section('What is left to do', left.length > 0 ? list(left) : html`<p>Nothing.</p>`),
    section('What was changed, object by object', [changes ?? html`<p>Nothing.</p>`, untouched(progress)]),
    section('What failed', troubles(progress)),
    section('How long each step took', stepTimeline(progress)),
    section('What happened, and who decided it', journalTable(progress.journal)),
    section('Findings of the check', findingsTable(progress)),
    section('Otherwise than the guide', deviationsTable(progress, guidesOf(progress))),
  ]);
}

/** The sections of the guide that an upgrade's steps are of. */
const guidesOf = ({ steps }: Pick<TenantProgress, 'steps'>): ReadonlySet<string> =>
  new Set(steps.map(({ guide }) => guide));

function factsOf(progress: TenantProgress, { still, left }: Beside): Part {
  const { tenant, startedAt, endedAt, journal, backupSecret, pathHash, reportKept } = progress;
  const began = journal.find(({ event }) => event === 'started')?.actor;
  const again = retries(progress);
  return facts([
    ['Project', tenant.namespace],
    ['Cluster', `${tenant.cluster} (context ${tenant.context})`],
    ['Started', `${momentOf(startedAt)}${began ? ` by ${began.by}: ${began.why}` : ''}`],
    ['Ended', endedAt === undefined ? (left?.message ?? 'not yet') : momentOf(endedAt)],
    ...(still === undefined ? [] : ([['Stands still', still]] as const)),
    ...(endedAt === undefined ? [] : ([['Took', between(startedAt, endedAt)]] as const)),
    ['Point of no return', crossingOf(progress)],
    ['Backup', backupSecret === undefined ? 'none' : `secret/${backupSecret}`],
    ['Tried again', again === '' ? 'nothing' : again],
    ['Plan', html`<code>${pathHash}</code>`],
    ...(reportKept ? ([['Report kept', describeKept(reportKept)]] as const) : []),
  ]);
}

function findingsTable({ findings }: TenantProgress): Part {
  return table(
    [
      { name: 'Object', as: 'head' },
      { name: 'Severity' },
      { name: 'Found' },
      { name: 'What to do', named: true },
    ],
    findings.map(({ object, severity, message, hint }) => [object, severity, message, hint]),
  );
}
