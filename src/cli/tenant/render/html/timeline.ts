import type { StepProgress, TenantProgress } from '../../../../domain/tenant/progress.ts';
import { renderDuration } from '../../../render/duration.ts';
import type { Span } from '../../../render/html/bars.ts';
import { timeAxis, timeBar } from '../../../render/html/bars.ts';
import type { Part } from '../../../render/html/markup.ts';
import { clockOf } from '../../../render/html/moment.ts';
import { table } from '../../../render/html/table.ts';
import { shareOfStep, tookMs, wordOf } from './words.ts';

/** Every step on one line of time: when it was begun, and how long it took. */
export function stepTimeline({ steps, startedAt, endedAt, journal }: TenantProgress): Part {
  const begun = steps.filter((step) => step.startedAt !== undefined);
  const times = [
    startedAt,
    ...(endedAt === undefined ? [] : [endedAt]),
    ...journal.map(({ at }) => at),
    ...begun.flatMap((step) => [step.startedAt, step.endedAt, step.undo?.endedAt]),
  ].flatMap((at) => (at === undefined ? [] : [Date.parse(at)]));
  const scale: Span = { fromMs: Date.parse(startedAt), toMs: Math.max(...times) };
  return table(
    [
      { name: 'Step', as: 'head' },
      { name: 'Guide', as: 'number', named: true },
      { name: 'At', as: 'time' },
      { name: 'Took', as: 'time' },
      { name: 'When', as: 'bar', shows: timeAxis(scale) },
    ],
    begun.map((step) => rowOf(step, scale, startedAt)),
  );
}

function rowOf(step: StepProgress, scale: Span, day: string): readonly Part[] {
  const { title, guide, startedAt = day, endedAt } = step;
  const took = tookMs(step);
  const fromMs = Date.parse(startedAt);
  const lasted = took === undefined ? 'not over' : renderDuration(took);
  return [
    title,
    guide === 'tool' ? '' : guide,
    clockOf(startedAt, day),
    took === undefined ? '' : lasted,
    timeBar(
      scale,
      { fromMs, toMs: endedAt === undefined ? scale.toMs : Date.parse(endedAt) },
      { label: `${wordOf(step)}, from ${clockOf(startedAt, day)}, ${lasted}`, share: shareOfStep(step) },
    ),
  ];
}
