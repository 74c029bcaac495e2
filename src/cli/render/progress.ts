import { command, decisionCommand, hintAtEnd, WHY } from '../../domain/decisions.ts';
import type { StepProgress, StepStatus, TenantProgress } from '../../domain/progress.ts';
import { isFinal } from '../../domain/progress.ts';
import { tenantName } from '../../domain/tenant.ts';
import { plainDeep } from '../../domain/plain-text.ts';
import type { Colors } from '../io.ts';
import { renderDuration } from './duration.ts';
import { evidenceLines } from './evidence.ts';

/** What Temporal knows beyond the progress query: attempts that fail while an activity is being retried. */
export interface PendingAttempt {
  readonly activity: string;
  readonly attempt: number;
  readonly failureType?: string;
  readonly message?: string;
  readonly nextAttemptAt?: string;
}

const MARK: Record<StepStatus, string> = {
  pending: '·',
  running: '▶',
  done: '✓',
  unchanged: '=',
  absent: '-',
  failed: '✗',
  skipped: '»',
  reverting: '◀',
  reverted: '↩',
  'not-reverted': '!',
};

function paint(status: StepStatus, colors: Colors): (text: string) => string {
  switch (status) {
    case 'done':
    case 'unchanged':
      return colors.green;
    case 'failed':
    case 'not-reverted':
      return colors.red;
    case 'running':
    case 'reverting':
      return colors.cyan;
    case 'reverted':
    case 'skipped':
      return colors.yellow;
    case 'pending':
    case 'absent':
      return colors.dim;
  }
}

/** One step as one line: mark, time taken, title, and what was done or went wrong. */
export function renderStepLine(given: StepProgress, nowMs: number, colors: Colors): string {
  const step = plainDeep(given);
  const color = paint(step.status, colors);
  const end = step.endedAt ? Date.parse(step.endedAt) : nowMs;
  const took = step.startedAt ? renderDuration(end - Date.parse(step.startedAt)) : '';
  const again = step.attempts > 1 ? colors.yellow(` (attempt ${step.attempts})`) : '';
  const note = step.failure?.message ?? step.note;
  return `${color(MARK[step.status])} ${took.padStart(12)}  ${step.title}${again}${note ? colors.dim(` — ${note}`) : ''}`;
}

/** Where a tenant stands: state, steps, what it waits for, what it needs and the command to type. */
export function renderProgress(
  progress: TenantProgress,
  options: { readonly nowMs: number; readonly colors: Colors; readonly pending?: readonly PendingAttempt[] },
): string {
  const { colors, nowMs } = options;
  const steps = progress.steps.map((step) => `  ${renderStepLine(step, nowMs, colors)}`);
  const [head = '', ...rest] = summaryLines(progress, options);
  return [head, ...steps, ...rest].join('\n');
}

/** The same without its steps. */
export function renderSummary(
  progress: TenantProgress,
  options: { readonly nowMs: number; readonly colors: Colors; readonly pending?: readonly PendingAttempt[] },
): string {
  return summaryLines(progress, options).join('\n');
}

function summaryLines(
  given: TenantProgress,
  {
    colors,
    nowMs,
    pending = [],
  }: { readonly nowMs: number; readonly colors: Colors; readonly pending?: readonly PendingAttempt[] },
): string[] {
  const progress = plainDeep(given);
  const until = progress.endedAt ? Date.parse(progress.endedAt) : nowMs;
  const took = renderDuration(until - Date.parse(progress.startedAt));
  const head =
    `${colors.bold(tenantName(progress.tenant))}  ${progress.from} → ${progress.to}  ` +
    `${renderState(progress, colors)}  ${colors.dim(took)}`;
  return [
    head,
    ...progress.findings.map(
      ({ severity, message, hint }) =>
        `  ${severity === 'fatal' ? colors.red('✗') : colors.yellow('!')} ${message}\n      ${hint}`,
    ),
    ...renderWhy(progress, colors),
    ...renderWaits(progress, { colors, pending: plainDeep(pending) }),
    ...renderHeld(progress, colors),
    ...(progress.leftovers.length > 0
      ? ['  Left:', ...progress.leftovers.map((line) => `    • ${line}`)]
      : []),
  ];
}

/** What has turned it back, in the words of the failure or of who asked, and what to do about it. */
function renderWhy(
  { state, journal, steps, held, tenant, revertedFor }: TenantProgress,
  colors: Colors,
): string[] {
  if (state === 'upgraded' || state === 'blocked') return [];
  const why = journal.findLast(({ event }) => event === 'reverting')?.detail;
  // What it is held for says the same once more, and what can be done about it now.
  if (!why || (held && why.includes(held.failure.message))) return [];
  const failed = steps.find(({ failure }) => failure !== undefined && why.includes(failure.message));
  const failure = revertedFor ?? failed?.failure;
  const shown = [`  because ${why}`, ...evidenceLines(failure, colors, '      ')];
  if (failure?.hint === undefined) return shown;
  const again = `; then start it again: ${command(tenant, 'start')}`;
  return [...shown, `      ${isFinal(state) ? hintAtEnd(failure.hint, again) : failure.hint}`];
}

export function renderState(progress: TenantProgress, colors: Colors): string {
  switch (progress.state) {
    case 'upgraded':
      return colors.green('upgraded');
    case 'held':
    case 'blocked':
      return colors.red(progress.state);
    case 'reverted':
    case 'aborted':
    case 'abandoned':
    case 'reverting':
      return colors.yellow(progress.state);
    default:
      return colors.cyan(progress.state);
  }
}

function renderWaits(
  progress: TenantProgress,
  { colors, pending = [] }: { readonly colors: Colors; readonly pending?: readonly PendingAttempt[] },
): string[] {
  const lines: string[] = [];
  if (progress.paused && !isFinal(progress.state)) {
    lines.push(
      colors.yellow(
        `  paused by ${progress.paused.by} since ${progress.paused.since}: ${progress.paused.why}`,
      ),
      `    to go on:  ${command(progress.tenant, 'resume', WHY)}`,
    );
  }
  if (progress.opensAt && !isFinal(progress.state)) {
    lines.push(colors.yellow(`  waits for the maintenance window that opens at ${progress.opensAt}`));
  }
  for (const attempt of pending.filter(({ attempt, message }) => attempt > 1 && message)) {
    const what =
      attempt.failureType === 'Unreachable' ? 'cluster unreachable' : (attempt.failureType ?? 'failed');
    const next = attempt.nextAttemptAt ? `, again at ${attempt.nextAttemptAt}` : '';
    lines.push(
      colors.yellow(
        `  ${attempt.activity}: ${what}, attempt ${attempt.attempt}${next}: ${attempt.message ?? ''}`,
      ),
    );
  }
  return lines;
}

function renderHeld(progress: TenantProgress, colors: Colors): string[] {
  const held = progress.held;
  if (!held) return [];
  const lines = [
    colors.red(`  held at ${held.stepId} since ${held.since}: ${held.failure.message}`),
    ...evidenceLines(held.failure, colors),
    ...(held.failure.hint ? [`    ${held.failure.hint}`] : []),
  ];
  if (held.pausedDeploymentConfigs.length > 0) {
    lines.push(
      `    paused meanwhile: ${held.pausedDeploymentConfigs.map((name) => `dc/${name}`).join(', ')}`,
    );
  }
  lines.push('    decide with one of:');
  for (const decision of held.decisions) lines.push(`      ${decisionCommand(progress, held, decision)}`);
  return lines;
}
