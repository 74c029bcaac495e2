import { inspect } from 'node:util';
import type { Logger, LogLevel } from '@temporalio/worker';
import { DefaultLogger } from '@temporalio/worker';
import { shownText } from '../domain/text/plain-text.ts';
import { expectedWords } from './expected-words.ts';

/**
 * The SDK's own log, and its core's, on stderr. Whoever can write to Temporal chooses words of it, such as the type of a
 * workflow that nobody has: nothing in them is obeyed by a terminal, and what they break into lines is indented, so that it
 * cannot be taken for an entry. Unless everything is wanted, what is expected is said without a stack, or not at all.
 */
export function plainLogger(level: LogLevel): Logger {
  return new DefaultLogger(level, ({ level: of, timestampNanos, message, meta }) => {
    const entry = level === 'DEBUG' ? { message, meta } : expectedWords(message, meta);
    if (!entry) return;
    const at = new Date(Number(timestampNanos / 1_000_000n)).toISOString();
    const more = entry.meta === undefined ? '' : ` ${inspect(entry.meta)}`;
    process.stderr.write(
      `${shownText(`${at} [${of}] ${entry.message}${more}`).replaceAll('\n', '\n    ')}\n`,
    );
  });
}
