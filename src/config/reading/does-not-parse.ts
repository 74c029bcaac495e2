/** Where a parser met what it cannot read. */
export interface Place {
  readonly line: number;
  readonly column: number;
  /** The parser's own name for what is wrong there, as in `BAD_INDENT`: never its words. */
  readonly code?: string;
}

/**
 * What is told of a file that may hold credentials and does not parse. A parser's message quotes the file, and so the tokens
 * and passwords in it: neither it nor the error itself, as a cause, may go into what is shown, logged or recorded.
 */
export function doesNotParse(file: string, { line, column, code }: Place): string {
  const what = code === undefined ? '' : `: ${code.toLowerCase().replaceAll('_', ' ')}`;
  return `${file}:${line}:${column} does not parse${what}`;
}
