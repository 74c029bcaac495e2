import { readFileSync, writeFileSync } from 'node:fs';
import { renderCells } from './cell-table.ts';
import { renderPlanted } from './planted-table.ts';
import { read } from './store.ts';
import type { Results } from './store.ts';
import { summarize, summarizeViolations } from './summary.ts';

/** Prints what a file of results adds up to, or writes it where a document marks it; returns how many were not right. */
export function printSummary(file: string, into: string | undefined, out: (line: string) => void): number {
  const results = read(file);
  const parts = partsOf(results);
  if (into === undefined) for (const text of Object.values(parts)) out(`${text}\n`);
  else {
    const document = readFileSync(into, 'utf8');
    writeFileSync(into, Object.entries(parts).reduce(put, document));
    out(`${into} has the figures of ${file}`);
  }
  return results.runs.filter(({ violations }) => violations.length > 0).length;
}

function partsOf({ runs, planted, rows }: Results): Record<string, string> {
  const cells = runs.filter(({ cell }) => cell?.made);
  const bad = cells.filter(({ violations }) => violations.length > 0).length;
  return {
    figures: summarize(runs),
    violations: summarizeViolations(runs),
    cells: `${cells.length} cells played, ${bad} not as they must be.\n\n${renderCells(rows, runs)}`,
    planted: renderPlanted(planted),
  };
}

/** Between `<!-- name -->` and `<!-- /name -->`. */
function put(document: string, [name, text]: readonly [string, string]): string {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [before, rest = ''] = document.split(begin);
  const [, after] = rest.split(end);
  return after === undefined ? document : `${before ?? ''}${begin}\n\n${text}\n\n${end}${after}`;
}
