import { describeKept } from '../../../domain/tenant/report-kept.ts';
import { leftBehind } from '../../../domain/tenant/left-behind.ts';
import type { FleetProgress, WaveProgress } from '../../../domain/fleet/show/progress.ts';
import { pathsShown } from '../../../domain/fleet/show/progress.ts';
import { hasSlot, traitsOf } from '../../../domain/fleet/tenant/states.ts';
import type { TenantDetail } from '../tenants.ts';
import { markdownText } from '../../../domain/text/markdown-text.ts';
import { someOf } from '../../../domain/text/some-of.ts';
import { renderEvidence } from '../../tenant/render/evidence.ts';
import { hintOf } from './hint.ts';
import { plural, renderCounts } from './state.ts';
import { reportTelling } from './telling.ts';
import { between, markdownTable } from '../../render/markdown.ts';
import { crossingOf, renderJournal, renderSteps } from '../../tenant/render/report.ts';

/** The head of a fleet's report: what, when, by whom and why, and how its waves went. Markdown. */
export function renderFleetReport(progress: FleetProgress): string {
  const { name, phase, startedAt, startedBy, endedAt, total, counts, waves, journal, telling } = progress;
  const { failed, blocked, unreachable, strict } = progress.limits.failureBudget;
  return [
    `# 3scale ${markdownText(`${pathsShown(progress)}: fleet ${name}`)}`,
    '',
    markdownTable(
      ['', ''],
      [
        ['State', phase],
        ['Started', `${startedAt} by ${startedBy.by}: ${startedBy.why}`],
        ['Ended', endedAt ?? 'still running'],
        ...(endedAt === undefined ? [] : [['Took', between(startedAt, endedAt)]]),
        ['Tenants', `${total}: ${renderCounts(counts)}`],
        [
          'Failure budget',
          `${failed} failed, ${blocked} blocked, ${unreachable} unreachable${strict ? ', strict' : ''}`,
        ],
        ['File', progress.specHash],
        ...(progress.reportKept ? [['Report kept', describeKept(progress.reportKept)]] : []),
        ['Times', 'UTC'],
        ...(progress.halted ? [['Halted', `${progress.halted.since}: ${progress.halted.why}`]] : []),
        ...(progress.ending
          ? [['Aborted', `${progress.ending.kind}, by ${progress.ending.by}: ${progress.ending.why}`]]
          : []),
      ],
    ),
    '',
    '## Waves',
    '',
    markdownTable(
      ['Wave', 'State', 'Tenants', 'Started', 'Done', 'Took', 'Approved by', 'Why'],
      waves.map(waveRow),
    ),
    '',
    '## What happened',
    '',
    renderJournal(journal),
    ...reportTelling(telling),
  ].join('\n');
}

function waveRow({ name, state, total, counts, startedAt, doneAt, approvedBy }: WaveProgress): string[] {
  const took = startedAt !== undefined && doneAt !== undefined ? between(startedAt, doneAt) : '';
  const tenants = total === 0 ? 'nobody' : `${total}: ${renderCounts(counts)}`;
  return [
    name,
    state,
    tenants,
    startedAt ?? '',
    doneAt ?? '',
    took,
    approvedBy?.by ?? '',
    approvedBy?.why ?? '',
  ];
}

export const TENANT_HEAD = ['Tenant', 'Wave', 'State', 'Since', 'Attempts', 'Took', 'Error'] as const;

/** One tenant as a row of the report's overview. */
export function tenantRow({ line, upgrade }: TenantDetail): string[] {
  const took =
    upgrade?.endedAt !== undefined
      ? between(upgrade.startedAt, upgrade.endedAt)
      : line.startedAt !== undefined && line.since !== '' && !hasSlot(line.state)
        ? between(line.startedAt, line.since)
        : '';
  return [line.name, line.wave, line.state, line.since, String(line.attempts), took, failureOf({ line })];
}

/** One tenant with each step, attempt and time, and what was said to it. */
export function renderTenantReport({ line, upgrade, kept, missing }: TenantDetail): string {
  const failure = failureOf({ line });
  const facts = [
    ['State', line.state],
    ['Cluster', line.tenant.cluster],
    ...(line.path === undefined ? [] : [['Path', line.path]]),
    ['Wave', line.wave],
    ['Attempts', String(line.attempts)],
    ...(line.startedAt === undefined ? [] : [['Started', line.startedAt]]),
    ...(upgrade?.endedAt === undefined
      ? []
      : [
          ['Ended', upgrade.endedAt],
          ['Took', between(upgrade.startedAt, upgrade.endedAt)],
        ]),
    ...(upgrade
      ? [
          ['Point of no return', crossingOf(upgrade)],
          ['Backup', upgrade.backupSecret ? `secret/${upgrade.backupSecret}` : 'none'],
        ]
      : []),
    ...(failure === '' ? [] : [['Error', failure]]),
    ...(traitsOf(line.state).share === 'upgraded' ? [] : hintOf(line).map((hint) => ['What to do', hint])),
    ...(upgrade?.findings ?? []).map(({ severity, message, hint }) => [
      `Found (${severity})`,
      `${message} ${hint}`,
    ]),
    ...(upgrade ? leftBehind(upgrade) : []).map((left) => ['Left', left]),
  ];
  return [
    `## ${markdownText(line.name)}`,
    '',
    markdownTable(['', ''], facts),
    ...(upgrade
      ? [
          ...(kept ? ['', FROM_KEPT] : []),
          '',
          renderSteps(upgrade),
          '',
          renderJournal(upgrade.journal),
          ...renderEvidence(upgrade, '###'),
        ]
      : ['', whyNoSteps(line.attempts, missing)]),
  ].join('\n');
}

const FROM_KEPT =
  'From the report that was kept of it: Temporal does not have its history any more, or did not answer.';

/** What a report of these tenants lacks, and why, a line each; empty where it is whole. */
export function renderLacks(details: readonly Pick<TenantDetail, 'line' | 'kept' | 'missing'>[]): string[] {
  const named = (wanted: (detail: Pick<TenantDetail, 'kept' | 'missing'>) => boolean): string[] =>
    details.filter(wanted).map(({ line }) => line.name);
  const told = (names: readonly string[], why: string): string[] =>
    names.length === 0 ? [] : [`${plural(names.length, 'tenant')} ${why}: ${someOf(names, 20)}`];
  return [
    ...told(
      named(({ missing }) => missing === 'gone'),
      'without steps, as Temporal does not have their histories any more (it keeps what has ended for its retention only), and no report of them was kept',
    ),
    ...told(
      named(({ missing }) => missing === 'unanswered'),
      'without steps, as their histories did not answer',
    ),
    ...told(
      named(({ kept }) => kept === true),
      'from reports that were kept, as Temporal does not have their histories any more, or did not answer',
    ),
  ];
}

/** Why a tenant stands in a report without its steps. */
export function whyNoSteps(attempts: number, missing: TenantDetail['missing']): string {
  if (missing === 'gone')
    return (
      'Its own history is gone, as Temporal keeps what has ended for its retention only, and no report of it was kept ' +
      'here: this is what the fleet remembers.'
    );
  return attempts === 0
    ? 'It was not started.'
    : 'Its own history is gone, or did not answer: this is what the fleet remembers.';
}

function failureOf({ line: { failure } }: Pick<TenantDetail, 'line'>): string {
  return failure ? `${failure.type}: ${failure.message}` : '';
}
