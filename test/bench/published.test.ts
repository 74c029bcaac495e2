import { readFileSync } from 'node:fs';
import { renderChart } from '../../bench/published/chart.ts';
import { renderDocument } from '../../bench/published/document.ts';
import type { Published, Run } from '../../bench/published/figures.ts';

const docs = (name: string): string =>
  readFileSync(new URL(`../../docs/benchmarks.${name}`, import.meta.url), 'utf8');
const figures = JSON.parse(docs('json')) as Published;

test('docs/benchmarks.md is made from the figures (npm run bench:publish -- --render)', () => {
  expect(docs('md')).toBe(renderDocument(figures));
});

test('docs/benchmarks.svg is made from the figures (npm run bench:publish -- --render)', () => {
  expect(docs('svg')).toBe(renderChart(figures));
});

test('what was not measured is said to be, and not left out', () => {
  const [first] = figures.runs;
  if (!first) throw new Error('there are no figures');
  const run: Run = { ...first, way: 'this', tenants: 3, cpuMs: 6_000 };
  const published: Published = { ...figures, runs: [run], kills: [] };
  expect(renderDocument(published)).toMatch(/\| CPU a tenant +\| 2\.00 s +\| – +\| – +\| – +\|/);
  expect(renderChart(published).match(/not measured/g)).toHaveLength(2 * 3);
});
