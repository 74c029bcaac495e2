import { plainText } from '../domain/text/plain-text.ts';

const LONGEST = 500;

/** What a cluster, a registry or a proxy says, as it goes into an error or a history: one plain line of 500 characters at most. */
export function foreignWords(said: unknown): string {
  // What is cut off first is never looked through: it may be megabytes.
  const text = plainText(
    (typeof said === 'string' ? said : (JSON.stringify(said) ?? '')).slice(0, 8 * LONGEST),
  );
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1)}…`;
}
