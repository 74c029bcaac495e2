import type { Logger } from 'pino';
import { destination, pino, stdTimeFunctions } from 'pino';

/** One JSON document a line, on stderr: whoever collects logs reads fields instead of sentences. */
export function jsonLog(level: 'debug' | 'info'): Logger {
  return pino(
    {
      level,
      // The machine and the process are known to whoever collects.
      base: null,
      messageKey: 'message',
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination({ fd: 2, sync: true }),
  );
}
