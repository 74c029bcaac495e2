import type { Part } from './markup.ts';
import { html } from './markup.ts';
import type { Share } from '../../../domain/fleet/tenant/states.ts';

/** From when to when a drawing goes, ms. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Of a hundred, to two places: what is drawn stretches with the page, and its words do not. */
const percent = (part: number): string => `${Math.round(Math.min(1, Math.max(0, part)) * 10_000) / 100}%`;

const place = ({ fromMs, toMs }: Span, ms: number): number => (ms - fromMs) / Math.max(1, toMs - fromMs);

/** What went from when to when, on a line of time. `label` says it in words. */
export function timeBar(scale: Span, { fromMs, toMs }: Span, { label, share }: Drawn): Part {
  const from = place(scale, fromMs);
  const width = Math.max(0.004, place(scale, toMs) - from);
  return drawing(
    label,
    html`${LINE}<rect
        class="${share}"
        x="${percent(from)}"
        y="20%"
        width="${percent(width)}"
        height="60%"
        rx="2"
      />`,
  );
}

/** How a drawing is said to who does not see it, and what colour it has. */
interface Drawn {
  readonly label: string;
  readonly share: Share;
}

/** How much of a whole. */
export const shareBar = (part: number, { label, share }: Drawn): Part =>
  drawing(
    label,
    html`${LINE}<rect class="${share}" x="0" y="20%" width="${percent(part)}" height="60%" rx="2" />`,
  );

/** From the shortest to the longest, nine of ten as a body, and the median as a mark; parts of the longest of all. */
export function spreadBar(
  { least, median, most, nineOfTen }: Readonly<Record<'least' | 'median' | 'most' | 'nineOfTen', number>>,
  label: string,
): Part {
  const body = html`<rect
    class="under-way"
    x="${percent(least)}"
    y="25%"
    width="${percent(Math.max(0.004, nineOfTen - least))}"
    height="50%"
    rx="2"
  />`;
  const whisker = html`<line
    class="middle"
    stroke-width="1"
    x1="${percent(least)}"
    x2="${percent(most)}"
    y1="50%"
    y2="50%"
  />`;
  const middle = html`<line
    class="middle"
    x1="${percent(median)}"
    x2="${percent(median)}"
    y1="12%"
    y2="88%"
  />`;
  return drawing(label, [LINE, whisker, body, middle]);
}

/** How many in each part of a line of time, as columns. */
export function columns(counts: readonly number[], label: string): Part {
  const most = Math.max(1, ...counts);
  const bars = counts.map((count, index) => {
    const height = count / most;
    return (
      count > 0 &&
      html`<rect
        class="upgraded"
        x="${percent(index / counts.length)}"
        y="${percent(1 - height)}"
        width="${percent(0.9 / counts.length)}"
        height="${percent(height)}"
      />`
    );
  });
  return html`<svg class="tall" role="img" aria-label="${label}">
    <line class="axis" x1="0" x2="100%" y1="100%" y2="100%" />
    ${bars}
  </svg>`;
}

/** A line of time with its ends and its middle. */
export function timeAxis(scale: Span): Part {
  const middleMs = (scale.fromMs + scale.toMs) / 2;
  const words = axisWords(scale);
  return html`<svg aria-hidden="true">
    <text x="0" y="70%">${words(scale.fromMs)}</text>
    <text x="50%" y="70%" text-anchor="middle">${words(middleMs)}</text>
    <text x="100%" y="70%" text-anchor="end">${words(scale.toMs)}</text>
  </svg>`;
}

/** A day for weeks, an hour for days, a second for less. */
function axisWords({ fromMs, toMs }: Span): (ms: number) => string {
  const hours = (toMs - fromMs) / 3_600_000;
  const iso = (ms: number): string => new Date(ms).toISOString();
  if (hours > 96) return (ms) => iso(ms).slice(5, 10);
  if (hours > 12) return (ms) => iso(ms).slice(5, 16).replace('T', ' ');
  return (ms) => iso(ms).slice(11, hours > 0.5 ? 16 : 19);
}

const LINE = html`<line class="axis" x1="0" x2="100%" y1="50%" y2="50%" />`;

const drawing = (label: string, shapes: Part): Part =>
  html`<svg role="img" aria-label="${label}">${shapes}</svg>`;
