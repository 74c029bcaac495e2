import type { StepProgress, StepStatus } from '../../../domain/tenant/progress.ts';
import type { PodCount } from '../../../domain/tenant/pod-count.ts';
import { plainDeep } from '../../../domain/text/plain-text.ts';
import type { Colors } from '../../io.ts';
import { renderDuration } from '../../render/duration.ts';

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

/** One step as one line: mark, time taken, title, how often it was tried, and what was done or went wrong. */
export function renderStepLine(given: StepProgress, nowMs: number, colors: Colors): string {
  const step = plainDeep(given);
  const color = paint(step.status, colors);
  const took = tookMs(step, nowMs);
  const time = took === undefined ? '' : renderDuration(took);
  const again = renderAttempts(step);
  const note = noteOf(step);
  return `${color(MARK[step.status])} ${time.padStart(12)}  ${step.title}${colors.yellow(again)}${note ? colors.dim(` — ${note}`) : ''}`;
}

/** The time of what its mark stands for: the way back has its own, and what was left out took none. */
function tookMs({ status, startedAt, endedAt, undo }: StepProgress, nowMs: number): number | undefined {
  switch (status) {
    case 'pending':
    case 'skipped':
      return undefined;
    case 'running':
    case 'done':
    case 'unchanged':
    case 'absent':
    case 'failed':
      return between(startedAt, endedAt, nowMs);
    case 'reverting':
    case 'reverted':
    case 'not-reverted':
      return between(undo?.startedAt, undo?.endedAt, nowMs);
  }
}

const between = (from: string | undefined, to: string | undefined, nowMs: number): number | undefined =>
  from === undefined ? undefined : (to === undefined ? nowMs : Date.parse(to)) - Date.parse(from);

/** Attempts that have ended are counted; of what is under way, the one that is. */
function renderAttempts({ status, attempts, undo }: StepProgress): string {
  switch (status) {
    case 'pending':
    case 'skipped':
      return '';
    case 'running':
      return attempts > 0 ? ` (attempt ${attempts + 1})` : '';
    case 'reverting':
      return (undo?.attempts ?? 0) > 0 ? ` (attempt ${(undo?.attempts ?? 0) + 1})` : '';
    case 'done':
    case 'unchanged':
    case 'absent':
    case 'failed':
      return attempts > 1 ? ` (after ${attempts} attempts)` : '';
    case 'reverted':
    case 'not-reverted':
      return (undo?.attempts ?? 0) > 1 ? ` (after ${undo?.attempts ?? 0} attempts)` : '';
  }
}

/** What was done is no more, once it is undone; what had failed is why. */
function noteOf({ status, failure, note, undo }: StepProgress): string | undefined {
  if (status === 'pending' || status === 'running' || status === 'reverting') return undefined;
  const isUndone = status === 'reverted' || status === 'not-reverted';
  return (isUndone ? undo?.note : undefined) ?? failure?.message ?? (isUndone ? undefined : note);
}

/** `1 of 3 pods ready`, of what a step rolls out, where that is known: its title names the DeploymentConfig. */
export function renderPods(
  { title, status }: StepProgress,
  pending: readonly { readonly pods?: PodCount }[],
): string[] {
  if (status !== 'running' && status !== 'reverting') return [];
  const named = title.split(/[\s:]/);
  return pending.flatMap(({ pods }) =>
    pods && named.includes(`dc/${pods.name}`) ? [`${pods.ready} of ${pods.wanted} pods ready`] : [],
  );
}

const ACTIVE: readonly StepStatus[] = ['running', 'reverting', 'failed', 'not-reverted'];

/**
 * As many steps as there is room for, in their order: what is under way or has failed, and what lies next to it. What
 * is left out is counted in a line of its own.
 */
export function nearestSteps(steps: readonly StepProgress[], room: number): (StepProgress | string)[] {
  if (steps.length <= room) return [...steps];
  const next = steps.findIndex(({ status }) => status === 'pending');
  const active = steps.flatMap(({ status }, place) => (ACTIVE.includes(status) ? [place] : []));
  const anchors = active.length > 0 ? active : [next < 0 ? steps.length - 1 : next];
  const distance = (place: number): number => Math.min(...anchors.map((anchor) => Math.abs(anchor - place)));
  const kept = new Set(
    steps
      .map((_, place) => place)
      .sort((a, b) => distance(a) - distance(b) || b - a)
      .slice(0, Math.max(0, room - 1)),
  );
  const hidden = steps.filter((_, place) => !kept.has(place));
  return [
    ...steps.filter((_, place) => kept.has(place)),
    `and ${hidden.length} more: ${countStatuses(hidden)}`,
  ];
}

/** `12 done, 2 pending`, in the order of their first. */
function countStatuses(steps: readonly StepProgress[]): string {
  const groups = Map.groupBy(steps, ({ status }) => status);
  return [...groups].map(([status, of]) => `${of.length} ${status}`).join(', ');
}
