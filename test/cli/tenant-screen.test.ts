/** What a terminal shows of an upgrade. */
import { expect, test } from '@jest/globals';
import picocolors from 'picocolors';
import { renderProgress } from '../../src/cli/tenant/render/progress.ts';
import { renderReport } from '../../src/cli/tenant/render/report.ts';
import { renderStepLine } from '../../src/cli/tenant/render/steps.ts';
import { stepsFrom23To24 } from '../../src/domain/paths/2.3-to-2.4/steps.ts';
import type { StepProgress, StepStatus, TenantProgress } from '../../src/domain/tenant/progress.ts';
import { after, afterMs, stepProgress, tenantProgress } from '../support/tenant-progress.ts';

const colors = picocolors.createColors(false);
const path = stepsFrom23To24({});
const SMALL = { rows: 23, columns: 80 };
const LARGE = { rows: 49, columns: 200 };

/** The real path, of which so many steps are done and so many run. */
function steps(doneCount: number, runningCount: number): StepProgress[] {
  return path.map(({ id, title }, place) => {
    const times = { startedAt: after(1), endedAt: after(2) };
    if (place < doneCount) return stepProgress(id, { title, status: 'done', attempts: 1, ...times });
    if (place >= doneCount + runningCount) return stepProgress(id, { title });
    return stepProgress(id, { title, status: 'running', startedAt: after(3) });
  });
}

const failure = {
  type: 'RolloutFailed',
  message: `dc/zync: rollout 3 failed: ${'the pod never gets ready, '.repeat(8)}and that is all`,
  hint: 'Look at: oc logs dc/zync; then retry.',
} as const;

const held: TenantProgress = tenantProgress({
  state: 'held',
  pastPointOfNoReturn: true,
  steps: steps(20, 0).map((step, place) => (place === 20 ? { ...step, status: 'failed', failure } : step)),
  held: {
    stepId: 'roll-out-zync',
    during: 'revert',
    since: after(60),
    failure,
    decisions: ['retry', 'skip-step', 'abandon'],
    pausedDeploymentConfigs: ['zync', 'system-sphinx'],
    rolledDeploymentConfigs: ['backend-listener', 'system-app'],
  },
});

const shown = (progress: TenantProgress, fit?: { rows: number; columns: number }): string[] =>
  renderProgress(progress, { nowMs: afterMs(100), colors, ...(fit ? { fit } : {}) }).split('\n');

test.each([0, 5, 12, 20, path.length - 1])(
  'on 80x24 the head stays, nothing is wrapped, and what is under way after %i steps is seen',
  (doneCount) => {
    const progress = tenantProgress({ steps: steps(doneCount, 1) });
    const lines = shown(progress, SMALL);
    expect(lines.length).toBeLessThanOrEqual(SMALL.rows);
    expect(lines.filter((line) => line.length > SMALL.columns)).toEqual([]);
    expect(lines[0]).toContain('prod/3scale  2.3 → 2.4  switching');
    expect(lines.filter((line) => line.includes('▶'))).toHaveLength(1);
    const [, left = '0'] = /and (\d+) more: /.exec(lines.at(-1) ?? '') ?? [];
    expect(Number(left) + lines.length - 2).toBe(path.length);
  },
);

test('on 80x24 a held upgrade shows why, what it leaves, and every choice', () => {
  const lines = shown(held, SMALL);
  expect(lines.length).toBeLessThanOrEqual(SMALL.rows);
  const text = lines.join('\n');
  expect(text).toContain('held at roll-out-zync since 2026-11-27 00:01 UTC: dc/zync: rollout 3');
  expect(text).toContain('paused meanwhile: dc/zync, dc/system-sphinx');
  expect(text).toContain('run 2.4 still: dc/backend-listener, dc/system-app');
  for (const decision of ['retry', 'skip-step', 'abandon'])
    expect(text).toContain(`threescale-upgrade ${decision} --context prod`);
  expect(lines.filter((line) => line.includes('✗'))).toHaveLength(1);
});

test('a large terminal shows all of it, and lines as long as they are', () => {
  const lines = shown(held, LARGE);
  expect(lines.filter((line) => /^ {2}[✓✗·]/.test(line))).toHaveLength(path.length);
  expect(lines.some((line) => line.length > 80)).toBe(true);
});

const line = (status: StepStatus, more: Partial<StepProgress> = {}): string =>
  renderStepLine(
    stepProgress('zync', {
      status,
      attempts: 2,
      startedAt: after(10),
      endedAt: after(20),
      note: 'version 2 runs',
      ...more,
    }),
    afterMs(30),
    colors,
  );

test.each([
  ['done', {}, '✓         10 s  Roll out dc/zync (after 2 attempts) — version 2 runs'],
  ['done', { attempts: 1 }, '✓         10 s  Roll out dc/zync — version 2 runs'],
  ['running', { endedAt: undefined }, '▶         20 s  Roll out dc/zync (attempt 3)'],
  ['running', { endedAt: undefined, attempts: 0, note: undefined }, '▶         20 s  Roll out dc/zync'],
  ['pending', {}, '·               Roll out dc/zync'],
  [
    'skipped',
    { note: 'skipped, as an operator decided' },
    '»               Roll out dc/zync — skipped, as an operator decided',
  ],
  ['failed', { failure }, `✗         10 s  Roll out dc/zync (after 2 attempts) — ${failure.message}`],
  ['reverting', { undo: { startedAt: after(28), attempts: 0 } }, '◀        2.0 s  Roll out dc/zync'],
  [
    'reverting',
    { undo: { startedAt: after(28), attempts: 4 } },
    '◀        2.0 s  Roll out dc/zync (attempt 5)',
  ],
  [
    'reverted',
    { undo: { startedAt: after(24), endedAt: after(25), attempts: 1, note: 'paused again' } },
    '↩        1.0 s  Roll out dc/zync — paused again',
  ],
  [
    'reverted',
    { failure, undo: { startedAt: after(24), endedAt: after(25), attempts: 3 } },
    `↩        1.0 s  Roll out dc/zync (after 3 attempts) — ${failure.message}`,
  ],
] as [StepStatus, Partial<StepProgress>, string][])('%s %j', (status, more, expected) => {
  expect(line(status, more)).toBe(expected);
});

test('commands are completed before a line is cut', () => {
  const completed = (line: string): string => line.replace('--namespace', '--kubeconfig k --namespace');
  const lines = renderProgress(held, { nowMs: afterMs(100), colors, fit: { ...LARGE, completed } }).split(
    '\n',
  );
  expect(lines.filter((line) => line.includes('--kubeconfig k'))).not.toEqual([]);
  expect(lines.every((line) => line.length <= LARGE.columns)).toBe(true);
});

test('a report counts the attempt that is under way, or waits', () => {
  const running = tenantProgress({ steps: steps(0, 2) });
  const [first, second] = running.steps;
  const report = renderReport(running, { again: new Map([[second?.title ?? '', 2]]) });
  const attempts = (title = ''): string | undefined =>
    report
      .split('\n')
      .find((line) => line.includes(title))
      ?.split(' | ')[3];
  expect([attempts(first?.title), attempts(second?.title)]).toEqual(['1', '2']);
});
