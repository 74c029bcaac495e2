import type { FleetProgress, WaveProgress } from '../../../../domain/fleet/show/progress.ts';
import type { TenantLine } from '../../../../domain/fleet/show/tenant-lines.ts';
import type { Share, StateCounts } from '../../../../domain/fleet/tenant/states.ts';
import { countOf, statesThat, traitsOf } from '../../../../domain/fleet/tenant/states.ts';
import type { Span } from '../../../render/html/bars.ts';
import { columns, timeAxis, timeBar } from '../../../render/html/bars.ts';
import type { Part } from '../../../render/html/markup.ts';
import { html } from '../../../render/html/markup.ts';
import { momentOf } from '../../../render/html/moment.ts';
import { table } from '../../../render/html/table.ts';
import { between } from '../../../render/markdown.ts';
import { plural, renderCounts } from '../state.ts';

/** Columns of the drawing of when tenants ended. */
const PARTS = 80;

/** When each wave began and was done, on one line of time, and when its tenants ended. */
export function wavesTable(progress: FleetProgress, lines: readonly TenantLine[]): Part {
  const scale = scaleOf(progress, lines);
  return [
    table(
      [
        { name: 'Wave', as: 'head' },
        { name: 'State' },
        { name: 'Tenants' },
        { name: 'Started', as: 'time', named: true },
        { name: 'Took', as: 'time', named: true },
        { name: 'Approved', named: true },
        { name: 'When', as: 'bar', shows: timeAxis(scale) },
      ],
      progress.waves.map((wave) => rowOf(wave, scale)),
    ),
    endsOverTime(lines, scale),
  ];
}

/** From the start to the last that is known. */
function scaleOf({ startedAt, endedAt, waves, journal }: FleetProgress, lines: readonly TenantLine[]): Span {
  const times = [
    ...[startedAt, endedAt],
    ...waves.flatMap(({ startedAt: from, doneAt }) => [from, doneAt]),
    ...journal.map(({ at }) => at),
    ...lines.map(({ since }) => since),
  ].flatMap((at) => (at === undefined || at === '' ? [] : [Date.parse(at)]));
  return { fromMs: Date.parse(startedAt), toMs: times.reduce((a, b) => Math.max(a, b)) };
}

function rowOf(wave: WaveProgress, scale: Span): readonly Part[] {
  const { name, state, total, counts, startedAt, doneAt, approvedBy } = wave;
  const took = startedAt !== undefined && doneAt !== undefined ? between(startedAt, doneAt) : '';
  const label = `${startedAt === undefined ? 'not begun' : `from ${momentOf(startedAt)}`}, ${took === '' ? 'not done' : took}`;
  const toMs = doneAt === undefined ? scale.toMs : Date.parse(doneAt);
  return [
    name,
    state,
    total === 0 ? 'nobody' : `${total}: ${renderCounts(counts)}`,
    startedAt === undefined ? '' : momentOf(startedAt),
    took,
    approvedBy ? `by ${approvedBy.by}: ${approvedBy.why}` : '',
    startedAt !== undefined &&
      timeBar(scale, { fromMs: Date.parse(startedAt), toMs }, { label, share: shareOf(wave) }),
  ];
}

/** Done is not well: a wave of which nobody, or not everybody, is upgraded has another colour. */
function shareOf({ state, total, counts }: WaveProgress): Share {
  if (state !== 'done') return 'under-way';
  if (inShare(counts, 'failed') > 0) return 'failed';
  return inShare(counts, 'upgraded') === total ? 'upgraded' : 'left-out';
}

const inShare = (counts: StateCounts, wanted: Share): number =>
  countOf(
    counts,
    statesThat(({ share }) => share === wanted),
  );

function endsOverTime(lines: readonly TenantLine[], scale: Span): Part {
  const ends = lines.flatMap(({ state, since }) =>
    traitsOf(state).stage === 'settled' && since !== '' ? [Date.parse(since)] : [],
  );
  if (ends.length === 0) return undefined;
  const counts = Array.from({ length: PARTS }, () => 0);
  for (const endMs of ends) {
    const place = Math.floor(((endMs - scale.fromMs) / Math.max(1, scale.toMs - scale.fromMs)) * PARTS);
    const part = Math.min(PARTS - 1, Math.max(0, place));
    counts[part] = (counts[part] ?? 0) + 1;
  }
  const label = `${plural(ends.length, 'tenant')} that ended; at most ${Math.max(...counts)} in a part of the time`;
  return html`<figure>
    <figcaption>When tenants ended (${label})</figcaption>
    ${columns(counts, label)}${timeAxis(scale)}
  </figure> `;
}
