import { ACTIONS, cannotBe, MOMENTS, PROCESS_ACTIONS } from '../exhaustive/cells.ts';
import type { Row } from '../exhaustive/rows.ts';
import { PHASES } from '../exhaustive/place.ts';
import type { RunResult } from './result.ts';

/**
 * The exhaustive table, one for each phase: a row for each step, a column for each moment; in each field how many of the
 * faults were made and came to the right end.
 */
export function renderCells(rows: readonly Row[], results: readonly RunResult[]): string {
  const played = new Map(
    results.flatMap((result) => (result.cell?.made ? [[result.seed, result] as const] : [])),
  );
  const tables = PHASES.map((phase) => {
    const own = rows.filter((row) => row.phase === phase);
    return [
      `### ${phase}`,
      '',
      `| step | ${MOMENTS.join(' | ')} |`,
      `| --- | ${MOMENTS.map(() => '---').join(' | ')} |`,
      ...own.map(
        (row) => `| ${row.step} | ${MOMENTS.map((moment) => field(row, moment, played)).join(' | ')} |`,
      ),
      '',
    ].join('\n');
  });
  return tables.join('\n');
}

function field(row: Row, moment: (typeof MOMENTS)[number], played: ReadonlyMap<string, RunResult>): string {
  const cells = ACTIONS.map((action) => ({ row, moment, action }));
  const possible = cells.filter((cell) => cannotBe(cell) === undefined);
  if (possible.length === 0) return cells.map(cannotBe)[0] ?? '';
  const results = possible.map(({ action }) => played.get(`${row.phase}: ${row.step}: ${moment}: ${action}`));
  const empty = possible.filter((_, place) => results[place] === undefined);
  const bad = possible.filter((_, place) => (results[place]?.violations.length ?? 0) > 0);
  const good = possible.length - empty.length - bad.length;
  return [
    `${good} of ${possible.length}`,
    ...(bad.length > 0 ? [`not: ${bad.map(({ action }) => action).join(', ')}`] : []),
    ...(empty.length > 0 ? [`empty: ${empty.length}`] : []),
    ...(cells.length > possible.length ? [`(${PROCESS_ACTIONS.length} processes only)`] : []),
  ].join('; ');
}
