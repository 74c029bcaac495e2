import { markdownText } from '../../domain/text/markdown-text.ts';
import { renderDuration } from './duration.ts';

/** A table whose cells show their texts as they are. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(markdownText).join(' | ')} |`;
  return [line(head), `|${head.map(() => ' --- |').join('')}`, ...rows.map(line)].join('\n');
}

export const between = (from: string, to: string): string =>
  renderDuration(Date.parse(to) - Date.parse(from));
