import { API_KINDS, EDITS, MESSAGE_KINDS, PLACE, PROCESS_KINDS, WORK_KINDS } from './sorts.ts';
import type { RunResult } from './result.ts';

interface Row {
  readonly kind: string;
  injections: number;
  runs: number;
  violations: number;
  readonly seconds: number[];
}

/** The table of docs/proof.md: for each kind of fault how often it was made, in how many runs, and what came of it. */
export function summarize(results: readonly RunResult[]): string {
  const random = results.filter(({ cell }) => cell === undefined);
  const rows = new Map<string, Row>();
  const rowOf = (kind: string): Row => {
    let row = rows.get(kind);
    if (!row) rows.set(kind, (row = { kind, injections: 0, runs: 0, violations: 0, seconds: [] }));
    return row;
  };
  for (const { injected, resumedAfter, violations } of random) {
    for (const [kind, count] of Object.entries(injected)) {
      const row = rowOf(kind);
      row.injections += count;
      row.runs += 1;
      if (violations.length > 0) row.violations += 1;
      row.seconds.push(...(resumedAfter[kind as keyof typeof resumedAfter] ?? []));
    }
  }
  const all: Row = {
    kind: '**all**',
    injections: [...rows.values()].reduce((sum, { injections }) => sum + injections, 0),
    runs: random.length,
    violations: random.filter(({ violations }) => violations.length > 0).length,
    seconds: [...rows.values()].flatMap(({ seconds }) => seconds),
  };
  const order = [...PROCESS_KINDS, ...API_KINDS, ...EDITS, ...PLACE, ...WORK_KINDS, ...MESSAGE_KINDS];
  const known = order.flatMap((kind) => rows.get(kind) ?? []);
  return [
    '| fault | injections | runs | runs with a violation | at 95 % fewer than | seconds to go on: p50 | p95 | max |',
    '| --- | --- | --- | --- | --- | --- | --- | --- |',
    ...[...known, all].map(line),
    '',
    `${random.length} runs, ${random.reduce((sum, { tenants }) => sum + tenants, 0)} tenants, ` +
      `${random.reduce((sum, { effects }) => sum + effects, 0)} changes judged; ended as: ${statesOf(random)}.`,
  ].join('\n');
}

function line({ kind, injections, runs, violations, seconds }: Row): string {
  const bound = violations === 0 && runs > 0 ? `${percent(1 - 0.05 ** (1 / runs))} %` : '';
  const sorted = [...seconds].sort((a, b) => a - b);
  const at = (share: number): string => {
    const value = sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
    return value === undefined ? '' : value.toFixed(1);
  };
  return `| ${[kind, injections, runs, violations, bound, at(0.5), at(0.95), at(1)].join(' | ')} |`;
}

const percent = (share: number): string => String(Number((100 * share).toPrecision(2)));

function statesOf(results: readonly RunResult[]): string {
  const counts = new Map<string, number>();
  for (const { states } of results)
    for (const [state, count] of Object.entries(states)) counts.set(state, (counts.get(state) ?? 0) + count);
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([state, count]) => `${count} ${state}`)
    .join(', ');
}

/** Oracle → how many runs it found something in, with one seed each. */
export function summarizeViolations(results: readonly RunResult[]): string {
  const found = new Map<string, { runs: number; seed: string; what: string }>();
  for (const { violations, seed } of results) {
    for (const oracle of new Set(violations.map((violation) => violation.oracle))) {
      const entry = found.get(oracle);
      const what = violations.find((violation) => violation.oracle === oracle)?.what ?? '';
      if (entry) entry.runs += 1;
      else found.set(oracle, { runs: 1, seed, what });
    }
  }
  if (found.size === 0) return 'No violation.';
  return [
    '| oracle | runs | such as |',
    '| --- | --- | --- |',
    ...[...found].map(
      ([oracle, { runs, seed, what }]) => `| ${oracle} | ${runs} | ${seed}: ${what.slice(0, 160)} |`,
    ),
  ].join('\n');
}
