import type { JSX } from 'preact';
import type { Share, StateCounts } from '../../src/domain/fleet/tenant/states.ts';
import { countOf, statesThat } from '../../src/domain/fleet/tenant/states.ts';
import type { Tone } from './states.ts';

interface Part {
  readonly name: string;
  readonly tone: Tone;
  readonly count: number;
}

const SHARES: readonly (readonly [Share, Tone])[] = [
  ['upgraded', 'good'],
  ['failed', 'bad'],
  ['left-out', 'warn'],
  ['under-way', 'busy'],
  ['waiting', 'wait'],
];

/** Those whose cluster does not answer are a share of their own: nobody knows how they are. */
function partsOf(counts: StateCounts): Part[] {
  const of = SHARES.map(([share, tone]): Part => ({
    name: share,
    tone,
    count: countOf(
      counts,
      statesThat((traits) => traits.share === share && traits.budget !== 'unreachable'),
    ),
  }));
  const away: Part = { name: 'unreachable', tone: 'away', count: counts.unreachable };
  return [...of.slice(0, 2), away, ...of.slice(2)].filter(({ count }) => count > 0);
}

const WIDTH = 1_000;

/** What became of tenants, as one bar: the words stand beside it, and are read in its place. */
export function ShareBar({
  counts,
  total,
  label,
}: {
  readonly counts: StateCounts;
  readonly total: number;
  readonly label: string;
}): JSX.Element {
  const parts = partsOf(counts);
  const words = parts.map(({ name, count }) => `${count} ${name}`).join(', ');
  // A share that is not empty is seen, however small.
  const sizes = parts.map(({ count }) => Math.max(12, (count * WIDTH) / Math.max(1, total)));
  const sum = sizes.reduce((all, size) => all + size, 0);
  let x = 0;
  return (
    <svg
      class="share-bar"
      viewBox={`0 0 ${WIDTH} 10`}
      preserveAspectRatio="none"
      role="img"
      aria-label={`${label}: ${words || 'nobody'}`}
    >
      {parts.map(({ name, tone }, place) => {
        const width = ((sizes[place] ?? 0) * WIDTH) / Math.max(WIDTH, sum);
        const from = x;
        x += width;
        return <rect key={name} class={`fill-${tone}`} x={from} y="0" width={width} height="10" />;
      })}
    </svg>
  );
}
