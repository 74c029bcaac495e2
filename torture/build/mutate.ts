/** A planted bug: one place of one file, and what stands there instead. */
export interface Mutation {
  /** From the checkout's root. */
  readonly file: string;
  /** Occurs exactly once in the file. */
  readonly find: string;
  readonly replace: string;
}

/** The text with one mutation. Throws, naming it, where it does not fit exactly once. */
export function mutate(text: string, { file, find, replace }: Mutation): string {
  const [before, after, ...more] = text.split(find);
  if (before === undefined || after === undefined || more.length > 0) {
    const times = after === undefined ? 'not' : 'more than once';
    throw new Error(`planted bug: this is ${times} in ${file}: ${find}`);
  }
  return before + replace + after;
}
