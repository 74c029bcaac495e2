import { command, decisionCommand, hintAtEnd, WHY } from '../../../domain/tenant/decisions.ts';
import type { StepProgress, TenantProgress, TenantState } from '../../../domain/tenant/progress.ts';
import { isFinal } from '../../../domain/tenant/progress.ts';
import { tenantName } from '../../../domain/tenant/tenant.ts';
import type { PodCount } from '../../../domain/tenant/pod-count.ts';
import { imageNameOf } from '../../../domain/paths/index.ts';
import { leftBehind } from '../../../domain/tenant/left-behind.ts';
import { plainDeep } from '../../../domain/text/plain-text.ts';
import type { Colors } from '../../io.ts';
import { renderDuration } from '../../render/duration.ts';
import { evidenceLines } from './evidence.ts';
import type { Fit } from '../../render/fit.ts';
import { fitLines } from '../../render/fit.ts';
import { nearestSteps, renderPods, renderStepLine } from './steps.ts';
import { moment } from '../../render/time.ts';

/** What Temporal knows beyond the progress query: attempts that fail while an activity is being retried. */
export interface PendingAttempt {
  readonly activity: string;
  /** Of this one in its history. */
  readonly id?: string;
  readonly attempt: number;
  /** When the attempt before it failed. */
  readonly at?: string;
  readonly failureType?: string;
  readonly message?: string;
  /** How far the rollout is that it waits for, where its worker says so. */
  readonly pods?: PodCount;
}

export interface ProgressOptions {
  readonly nowMs: number;
  readonly colors: Colors;
  readonly pending?: readonly PendingAttempt[];
  /** That it stands still, as lines. */
  readonly still?: string | undefined;
}

/** However much there is to say, what is under way is seen. */
const LEAST_STEPS = 4;

/**
 * Where a tenant stands: state, what it needs and the command to type, what it waits for, and its steps. With `fit` as much
 * as a terminal holds: what somebody must read stays, and steps far from what is done now are counted only.
 */
export function renderProgress(
  progress: TenantProgress,
  options: ProgressOptions & { readonly fit?: Fit },
): string {
  const { colors, nowMs, fit, pending = [] } = options;
  const lineOf = (step: StepProgress): string =>
    ['  ' + renderStepLine(step, nowMs, colors), ...renderPods(step, pending).map(colors.dim)].join(' — ');
  const [head = '', ...rest] = summaryLines(progress, options);
  if (!fit) {
    return [head, ...progress.steps.map(lineOf), ...rest].join('\n');
  }
  const said = rest.flatMap((text) => text.split('\n'));
  const room = Math.max(fit.rows - 1 - said.length, LEAST_STEPS);
  const shown = nearestSteps(progress.steps, room).map((step) =>
    typeof step === 'string' ? colors.dim(`  ${step}`) : lineOf(step),
  );
  return fitLines([head, ...said.slice(0, Math.max(0, fit.rows - 1 - shown.length)), ...shown], fit);
}

/** The same without its steps. */
export function renderSummary(progress: TenantProgress, options: ProgressOptions): string {
  return summaryLines(progress, options).join('\n');
}

function summaryLines(
  given: TenantProgress,
  { colors, nowMs, pending = [], still }: ProgressOptions,
): string[] {
  const progress = plainDeep(given);
  const left = leftBehind(progress);
  const until = progress.endedAt ? Date.parse(progress.endedAt) : nowMs;
  const took = renderDuration(until - Date.parse(progress.startedAt));
  const head =
    `${colors.bold(tenantName(progress.tenant))}  ${progress.from} → ${progress.to}  ` +
    `${renderState(progress, colors)}  ${colors.dim(took)}`;
  return [
    head,
    ...(still?.split('\n') ?? []).map((line) => colors.red(`  ${line}`)),
    ...progress.findings.map(
      ({ severity, message, hint }) =>
        `  ${severity === 'fatal' ? colors.red('✗') : colors.yellow('!')} ${message}\n      ${hint}`,
    ),
    ...renderWhy(progress, colors),
    ...renderWaits(progress, { colors, pending: plainDeep(pending) }),
    ...renderHeld(progress, colors),
    ...(left.length > 0 ? ['  Left:', ...left.map((line) => `    • ${line}`)] : []),
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
  const again = `; then start it again: ${command(tenant, 'start', ...otherImage(failed))}`;
  return [...shown, `      ${isFinal(state) ? hintAtEnd(failure.hint, again) : failure.hint}`];
}

/** What could not be imported is not to be named once more. */
function otherImage(failed: StepProgress | undefined): string[] {
  const image =
    failed?.failure?.type === 'ImportFailed' ? imageNameOf(failed.id.replace(/^tag-/, '')) : undefined;
  return image === undefined ? [] : ['--image', `${image}=IMAGE`];
}

export const renderState = ({ state }: TenantProgress, colors: Colors): string =>
  renderStateName(state, colors);

export function renderStateName(state: TenantState, colors: Colors): string {
  switch (state) {
    case 'upgraded':
      return colors.green('upgraded');
    case 'held':
    case 'blocked':
      return colors.red(state);
    case 'reverted':
    case 'aborted':
    case 'abandoned':
    case 'reverting':
      return colors.yellow(state);
    default:
      return colors.cyan(state);
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
        `  paused by ${progress.paused.by} since ${moment(progress.paused.since)}: ${progress.paused.why}`,
      ),
      `    to go on:  ${command(progress.tenant, 'resume', WHY)}`,
    );
  }
  if (progress.opensAt && !isFinal(progress.state)) {
    lines.push(colors.yellow(`  waits for the maintenance window that opens at ${moment(progress.opensAt)}`));
  }
  for (const attempt of pending.filter(({ attempt, message }) => attempt > 1 && message)) {
    const what =
      attempt.failureType === 'Unreachable' ? 'cluster unreachable' : (attempt.failureType ?? 'failed');
    lines.push(
      colors.yellow(`  ${attempt.activity}: ${what}, attempt ${attempt.attempt}: ${attempt.message ?? ''}`),
    );
  }
  return lines;
}

function renderHeld(progress: TenantProgress, colors: Colors): string[] {
  const held = progress.held;
  if (!held) return [];
  const lines = [
    colors.red(`  held at ${held.stepId} since ${moment(held.since)}: ${held.failure.message}`),
    ...evidenceLines(held.failure, colors),
    ...(held.failure.hint ? [`    ${held.failure.hint}`] : []),
  ];
  if (held.pausedDeploymentConfigs.length > 0) {
    lines.push(
      `    paused meanwhile: ${held.pausedDeploymentConfigs.map((name) => `dc/${name}`).join(', ')}`,
    );
  }
  const rolled = held.rolledDeploymentConfigs?.map((name) => `dc/${name}`).join(', ');
  if (rolled) lines.push(`    run ${progress.to} still: ${rolled}`);
  lines.push('    decide with one of:');
  for (const decision of held.decisions) lines.push(`      ${decisionCommand(progress, held, decision)}`);
  return lines;
}
