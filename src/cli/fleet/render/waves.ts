import type { Share, StateCounts } from '../../../domain/fleet/tenant/states.ts';
import { countOf, statesThat, WAITING } from '../../../domain/fleet/tenant/states.ts';
import type { FleetProgress, WaveProgress } from '../../../domain/fleet/show/progress.ts';
import type { Colors } from '../../io.ts';
import { renderDuration } from '../../render/duration.ts';
import type { Section } from '../../render/fit.ts';
import { paintShare, renderCounts } from './state.ts';
import { moment } from '../../render/time.ts';

const CELLS = 20;
/** On a screen with more waves those around the current one are shown. */
const WAVES_SHOWN = 8;
const SHARES: readonly Share[] = ['upgraded', 'failed', 'left-out', 'under-way', 'waiting'];
const CELL: Readonly<Record<Share, string>> = {
  upgraded: '█',
  failed: '▓',
  'left-out': '▒',
  'under-way': '▷',
  waiting: '░',
};

/** A line for each wave; with `live` only those around the one that is under way. */
export function waveSection(
  progress: FleetProgress,
  options: { readonly nowMs: number; readonly colors: Colors; readonly live: boolean },
): Section {
  const { waves } = progress;
  const current = waves.findIndex(({ state }) => state !== 'done');
  const width = Math.max(0, ...waves.map(({ name }) => name.length));
  const first =
    options.live && waves.length > WAVES_SHOWN
      ? Math.max(0, Math.min(current < 0 ? waves.length : current - 1, waves.length - WAVES_SHOWN))
      : 0;
  const last = options.live ? Math.min(waves.length, first + WAVES_SHOWN) : waves.length;
  return {
    head: ['', ...(first > 0 ? [`  (${first} waves before are done)`] : [])],
    items: waves.slice(first, last).map((wave) => [waveLine(wave, width, options)]),
    total: waves.length - first,
    more: (hidden) => `  (${hidden} more waves come)`,
    atLeast: 2,
  };
}

function waveLine(
  wave: WaveProgress,
  width: number,
  { nowMs, colors }: { readonly nowMs: number; readonly colors: Colors },
): string {
  const { name, total, counts } = wave;
  const settled = countOf(
    counts,
    statesThat(({ share }) => share !== 'waiting' && share !== 'under-way'),
  );
  const bar = total === 0 ? ' '.repeat(CELLS) : renderBar(counts, total, colors);
  const state = renderWaveState(wave, nowMs);
  const details = total === 0 ? 'nobody: passed over' : renderCounts(counts, colors);
  return `  ${name.padEnd(width)}  [${bar}] ${`${settled}/${total}`.padStart(9)}  ${state}  ${details}`;
}

/** Every share that is not empty has a cell at least. */
export function renderBar(counts: StateCounts, total: number, colors: Colors): string {
  const sizes = SHARES.map((share) => {
    const size = countOf(
      counts,
      statesThat((traits) => traits.share === share),
    );
    return size === 0 ? 0 : Math.max(1, Math.floor((size * CELLS) / total));
  });
  for (;;) {
    const excess = sizes.reduce((sum, size) => sum + size, 0) - CELLS;
    if (excess === 0) break;
    const largest = sizes.indexOf(Math.max(...sizes));
    sizes[largest] = (sizes[largest] ?? 0) - Math.sign(excess);
  }
  return SHARES.map((share, place) => {
    const size = sizes[place] ?? 0;
    return size === 0 ? '' : paintShare(share, colors)(CELL[share].repeat(size));
  }).join('');
}

/** Where a wave stands, how long, and what it waits for. */
function renderWaveState(wave: WaveProgress, nowMs: number): string {
  const { state, startedAt, doneAt, soakEndsAt, approval, approvedBy, counts } = wave;
  const approved = approvedBy ? `, approved by ${approvedBy.by}` : '';
  switch (state) {
    case 'done':
      return startedAt !== undefined && doneAt !== undefined
        ? `done in ${renderDuration(Date.parse(doneAt) - Date.parse(startedAt))}`
        : 'done';
    case 'running':
      return startedAt === undefined
        ? 'running'
        : `running for ${renderDuration(nowMs - Date.parse(startedAt))}`;
    case 'soaking-before':
      return `${soakEndsAt === undefined ? 'soaks' : `begins at ${moment(soakEndsAt)}, after the soak`}${approved}`;
    case 'awaiting-approval':
      return 'awaits approval';
    case 'waiting':
      if (countOf(counts, WAITING) === 0) return 'never begun';
      return approval === 'required' && !approvedBy ? 'waits, needs approval' : `waits${approved}`;
  }
}
