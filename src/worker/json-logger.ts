import type { Logger, LogLevel } from '@temporalio/worker';
import { DefaultLogger } from '@temporalio/worker';
import type { Logger as Pino } from 'pino';
import { expectedWords } from './expected-words.ts';
import { fieldsOf } from './log-fields.ts';

const LEVELS = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const;

/** The SDK's own log as documents, each with what it is about: fleet, tenant, step and attempt. */
export function jsonLogger(level: LogLevel, log: Pino): Logger {
  return new DefaultLogger(level, ({ level: of, message, meta }) => {
    if (expectedWords(message, meta)) log[LEVELS[of]](fieldsOf(meta), message);
  });
}
