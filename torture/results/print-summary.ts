import { read } from './store.ts';
import { summarize, summarizeViolations } from './summary.ts';

/** Prints what a file of results adds up to; returns how many of its runs were not as they must be. */
export function printSummary(file: string, out: (line: string) => void): number {
  const results = read(file);
  out(summarize(results));
  const cells = results.filter(({ cell }) => cell?.made);
  if (cells.length > 0)
    out(
      `\n${cells.length} cells, ${cells.filter(({ violations }) => violations.length > 0).length} not as they must be.`,
    );
  out(`\n${summarizeViolations(results)}`);
  return results.filter(({ violations }) => violations.length > 0).length;
}
