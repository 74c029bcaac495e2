import { plainText } from './plain-text.ts';

/**
 * A text as it is, in Markdown: no table, no HTML, no image or link, no heading or list of its own. On one line, for cells,
 * headings and list items.
 */
export function markdownText(text: string): string {
  return plainText(text)
    .replace(/[\\`*[\]<>|&~$]/g, '\\$&')
    .replace(/(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, '\\_')
    .replace(/^(?:#+|[+-]|=+|-+)(?= |$)/, '\\$&')
    .replace(/^(\d+)([.)])(?= |$)/, '$1\\$2')
    .replace(/:\/\//g, '\\://')
    .replace(/\bwww\./gi, (start) => `${start.slice(0, 3)}\\.`);
}

/** A text as code on a line, whatever number of backticks is in it. In a table a pipe needs its backslash even there. */
export function markdownCode(text: string): string {
  const plain = plainText(text).replaceAll('|', '\\|');
  const longest = Math.max(0, ...[...plain.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const space = /^`|`$/.test(plain) ? ' ' : '';
  return `${fence}${space}${plain}${space}${fence}`;
}
