import { leftBehind } from '../../../domain/tenant/left-behind.ts';
import { describeKept } from '../../../domain/tenant/report-kept.ts';
import type {
  JournalEntry,
  StepProgress,
  StepUndo,
  TenantProgress,
} from '../../../domain/tenant/progress.ts';
import { markdownCode, markdownText } from '../../../domain/text/markdown-text.ts';
import { reportDeliveries } from '../../fleet/render/telling.ts';
import { renderEvidence } from './evidence.ts';
import { between, markdownTable } from '../../render/markdown.ts';

/** What was done when, by whom and why, as Markdown. Its JSON form is the progress itself. */
export function renderReport(
  progress: TenantProgress,
  {
    still,
    left,
    again,
  }: {
    readonly still?: string;
    readonly left?: { readonly message: string };
    readonly again?: ReadonlyMap<string, number>;
  } = {},
): string {
  const { tenant } = progress;
  const ended =
    progress.endedAt ??
    (left
      ? markdownText(left.message)
      : still === undefined
        ? 'still running'
        : 'not yet: it stands still, as no worker has answered');
  const lines = [
    `# 3scale ${markdownText(`${progress.from} → ${progress.to}: ${tenant.context}/${tenant.namespace}`)}`,
    '',
    markdownTable(
      ['', ''],
      [
        ['State', progress.state],
        ['Cluster', tenant.cluster],
        ['Started', progress.startedAt],
        ['Ended', ended],
        ...(progress.endedAt ? [['Took', between(progress.startedAt, progress.endedAt)]] : []),
        ['Point of no return', crossingOf(progress)],
        ['Backup', progress.backupSecret ? `secret/${progress.backupSecret}` : 'none'],
        ['Plan', progress.pathHash],
        ...(progress.reportKept ? [['Report kept', describeKept(progress.reportKept)]] : []),
        ['Times', 'UTC'],
      ],
    ),
    '',
    '## Steps',
    '',
    renderSteps(progress, again),
    '',
    '## What happened',
    '',
    renderJournal(progress.journal),
  ];
  if (progress.findings.length > 0) {
    const rows = progress.findings.map((f) => [f.severity, f.object ?? '', f.message, f.hint]);
    lines.push(
      '',
      '## Findings of the check',
      '',
      markdownTable(['Severity', 'Object', 'Found', 'What to do'], rows),
    );
  }
  if (progress.held) {
    const { stepId, failure } = progress.held;
    lines.push('', '## Held', '', `At ${markdownCode(stepId)}: ${markdownText(failure.message)}`);
    if (failure.hint !== undefined) lines.push('', markdownText(failure.hint));
    const rolled = progress.held.rolledDeploymentConfigs?.map((name) => `dc/${name}`).join(', ');
    if (rolled) lines.push('', `Run ${progress.to} still: ${markdownText(rolled)}`);
  }
  if (progress.told) lines.push('', '## Told', ...reportDeliveries(progress.told));
  lines.push(...renderEvidence(progress));
  const remains = leftBehind(progress);
  if (remains.length > 0) lines.push('', '## Left', '', ...remains.map((line) => `- ${markdownText(line)}`));
  return lines.join('\n');
}

/** Whether the point of no return is crossed, as far as anybody knows. */
export function crossingOf({
  pastPointOfNoReturn,
  mayBePastPointOfNoReturn,
}: Pick<TenantProgress, 'pastPointOfNoReturn' | 'mayBePastPointOfNoReturn'>): string {
  if (pastPointOfNoReturn) return 'crossed';
  return mayBePastPointOfNoReturn ? 'perhaps crossed' : 'not crossed';
}

/** Each step with its result, attempts and time. `again`: in which attempt those are that are being tried again. */
export function renderSteps(
  { steps }: Pick<TenantProgress, 'steps'>,
  again: ReadonlyMap<string, number> = new Map(),
): string {
  return markdownTable(
    ['Step', 'Guide', 'Result', 'Attempts', 'Started', 'Took', 'Undone', 'Note'],
    steps.map((step) => stepRow(step, again.get(step.title) ?? 1)),
  );
}

/** What happened when, by whom and why; last, from where it was said. */
export function renderJournal(journal: readonly HappenedEntry[]): string {
  return markdownTable(['When', 'Event', 'By', 'Why', 'Detail', 'Via'], journal.map(journalRow));
}

type HappenedEntry = Pick<JournalEntry, 'at' | 'actor' | 'detail'> & { readonly event: string };

/** What is under way is an attempt too, of which the step does not know yet. */
function stepRow(step: StepProgress, underWay: number): string[] {
  const attempts = step.status === 'running' ? step.attempts + underWay : step.attempts;
  const took = step.startedAt && step.endedAt ? between(step.startedAt, step.endedAt) : '';
  const undo = step.undo ? undone(step.undo) : '';
  const note = step.failure ? `${step.failure.type}: ${step.failure.message}` : (step.note ?? '');
  const guide = step.guide === 'tool' ? '' : step.guide;
  return [step.title, guide, step.status, String(attempts), step.startedAt ?? '', took, undo, note];
}

/** When the way back ended, how long it took, and in how many attempts. */
function undone({ startedAt, endedAt, attempts, note }: StepUndo): string {
  const took = startedAt !== undefined && endedAt !== undefined ? `in ${between(startedAt, endedAt)}` : '';
  const tries = attempts > 1 ? `after ${attempts} attempts` : '';
  return [endedAt ?? 'under way', took, tries, note ?? ''].filter(Boolean).join(', ');
}

function journalRow({ at, event, actor, detail }: HappenedEntry): string[] {
  return [at, event, actor?.by ?? '', actor?.why ?? '', detail ?? '', actor?.via ?? ''];
}
