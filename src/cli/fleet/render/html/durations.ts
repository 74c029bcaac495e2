import type { StepProgress, TenantProgress } from '../../../../domain/tenant/progress.ts';
import { renderDuration } from '../../../render/duration.ts';
import { spreadBar } from '../../../render/html/bars.ts';
import type { Part } from '../../../render/html/markup.ts';
import { table } from '../../../render/html/table.ts';
import { tookMs } from '../../../tenant/render/html/words.ts';

interface Measured {
  readonly title: string;
  readonly guide: string;
  readonly ms: number[];
  again: number;
  failed: number;
}

/** How long each step took over all tenants, how often it was tried again, and how often it failed. */
export class StepDurations {
  readonly #steps = new Map<string, Measured>();

  add({ steps }: Pick<TenantProgress, 'steps'>): void {
    for (const step of steps) this.#note(step);
  }

  #note(step: StepProgress): void {
    const { id, title, guide, status, attempts, failure } = step;
    const known = this.#steps.get(id);
    const measured = known ?? { title, guide, ms: [], again: 0, failed: 0 };
    if (!known) this.#steps.set(id, measured);
    const took = tookMs(step);
    if (status === 'done' && took !== undefined) measured.ms.push(took);
    if (attempts > 1) measured.again += 1;
    if (failure) measured.failed += 1;
  }

  table(): Part {
    const steps = [...this.#steps.values()].filter(({ ms, failed }) => ms.length > 0 || failed > 0);
    const longest = steps.reduce((most, { ms }) => Math.max(most, ...sorted(ms).slice(-1)), 1);
    return table(
      [
        { name: 'Step', as: 'head' },
        { name: 'Guide', as: 'number', named: true },
        { name: 'Done', as: 'number', named: true },
        { name: 'Median', as: 'time', named: true },
        { name: '9 of 10', as: 'time', named: true },
        { name: 'Longest', as: 'time', named: true },
        { name: 'Tried again', as: 'number', named: true },
        { name: 'Failed', as: 'number', named: true },
        { name: 'Shortest, median, 9 of 10, longest', as: 'bar' },
      ],
      steps.map((step) => rowOf(step, longest)),
    );
  }
}

function rowOf({ title, guide, ms, again, failed }: Measured, longest: number): readonly Part[] {
  const times = sorted(ms);
  const at = (part: number): number =>
    times[Math.min(times.length - 1, Math.floor(part * times.length))] ?? 0;
  const [least, median, nineOfTen, most] = [at(0), at(0.5), at(0.9), at(1)] as const;
  const shown = times.length === 0 ? [] : [median, nineOfTen, most].map(renderDuration);
  const label = `from ${renderDuration(least)} to ${renderDuration(most)}`;
  const bar = spreadBar(
    {
      least: least / longest,
      median: median / longest,
      nineOfTen: nineOfTen / longest,
      most: most / longest,
    },
    label,
  );
  return [
    title,
    guide === 'tool' ? '' : guide,
    times.length,
    ...[0, 1, 2].map((place) => shown[place] ?? ''),
    again,
    failed,
    times.length > 0 && bar,
  ];
}

const sorted = (ms: readonly number[]): readonly number[] => ms.toSorted((a, b) => a - b);
