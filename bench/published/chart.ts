import type { WayName } from '../side-by-side/ways.ts';
import type { Published, Run } from './figures.ts';
import { WAYS, WAY_NAMES, seconds, sizesOf } from './figures.ts';

const COLORS: Readonly<Record<WayName, string>> = {
  this: '#0066cc',
  kubectl: '#8a8d90',
  ansible: '#c9190b',
  floor: '#3e8635',
};
const BAR = 18;
const GAP = 26;
const LABEL = 118;
const PANEL = 420;
const PLOT = 200;
const TOP = 56;

interface Panel {
  readonly title: string;
  readonly of: (run: Run) => number;
}

const PANELS: readonly Panel[] = [
  { title: 'CPU a tenant', of: ({ cpuMs, tenants }) => cpuMs / tenants },
  { title: 'wall time of all', of: ({ wallMs }) => wallMs },
];

/** docs/benchmarks.svg: a bar for each way at each size, on scales whose steps are tenfold. */
export function renderChart(published: Published): string {
  const sizes = sizesOf(published);
  const groups = sizes.map((tenants) => published.runs.filter((run) => run.tenants === tenants));
  const height = TOP + sizes.length * (WAY_NAMES.length * BAR + GAP) + 34;
  const panels = PANELS.map((panel, place) => renderPanel(panel, groups, { x: place * PANEL, height }));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${PANELS.length * PANEL} ${height}" font-family="sans-serif" font-size="12">`,
    '<title>CPU and wall time of this tool, a kubectl script, Ansible and the floor</title>',
    `<rect width="${PANELS.length * PANEL}" height="${height}" fill="#ffffff"/>`,
    ...panels,
    '</svg>',
    '',
  ].join('\n');
}

function renderPanel(
  { title, of }: Panel,
  groups: readonly (readonly Run[])[],
  { x, height }: { readonly x: number; readonly height: number },
): string {
  const values = groups.flat().map(of);
  const least = 10 ** Math.floor(Math.log10(Math.min(...values)));
  const most = 10 ** Math.ceil(Math.log10(Math.max(...values)));
  const decades = Math.round(Math.log10(most / least));
  const at = (value: number): number => (Math.log10(value / least) / decades) * PLOT;
  const left = x + LABEL;
  const lines = Array.from({ length: decades + 1 }, (_, decade) => {
    const value = least * 10 ** decade;
    const place = (left + at(value)).toFixed(1);
    return (
      `<line x1="${place}" x2="${place}" y1="${TOP - 12}" y2="${height - 30}" stroke="#d2d2d2"/>` +
      `<text x="${place}" y="${height - 14}" text-anchor="middle" fill="#6a6e73">${value / 1_000} s</text>`
    );
  });
  const bars = groups.map((runs, place) => {
    const top = TOP + place * (WAY_NAMES.length * BAR + GAP);
    const size = runs[0]?.tenants ?? 0;
    const name = size === 1 ? 'one tenant' : `${size} tenants`;
    return [
      `<text x="${x + 8}" y="${top}" font-weight="bold">${name}</text>`,
      ...WAY_NAMES.map((way, row) => {
        const run = runs.find((one) => one.way === way);
        const y = top + 6 + row * BAR;
        const label = `<text x="${left - 6}" y="${y + 12}" text-anchor="end">${WAYS[way]}</text>`;
        if (!run) return `${label}<text x="${left + 4}" y="${y + 12}" fill="#6a6e73">not measured</text>`;
        const width = Math.max(1, at(of(run)));
        const value = `<text x="${(left + width + 4).toFixed(1)}" y="${y + 12}">${seconds(of(run))}</text>`;
        return `${label}<rect x="${left}" y="${y}" width="${width.toFixed(1)}" height="${BAR - 4}" fill="${COLORS[way]}"/>${value}`;
      }),
    ].join('\n');
  });
  return [`<text x="${x + 8}" y="24" font-size="15">${title}</text>`, ...lines, ...bars].join('\n');
}
