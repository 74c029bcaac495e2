import { Option } from 'commander';
import type { Command } from 'commander';
import type { Logger } from 'pino';
import type { Io } from './io.ts';

export interface LogOptions {
  readonly logFormat?: 'text' | 'json';
}

/** Of commands that run for weeks. */
export function addLogFormat(command: Command): Command {
  return command.addOption(
    new Option('--log-format <format>', 'how it writes its log: lines of text, or a JSON document a line')
      .choices(['text', 'json'])
      .default('text')
      .env('THREESCALE_UPGRADE_LOG_FORMAT'),
  );
}

/** Where what a command says goes: as it was, or to a log of documents. */
export async function saying(
  io: Io,
  { logFormat, verbose = false }: LogOptions & { readonly verbose?: boolean },
): Promise<{ readonly io: Io; readonly log?: Logger }> {
  if (logFormat !== 'json') return { io };
  const { jsonLog } = await import('../json-log.ts');
  const log = jsonLog(verbose ? 'debug' : 'info');
  const err = (line: string): void => {
    const isWarning = line.startsWith('warning: ');
    log[isWarning ? 'warn' : 'info'](isWarning ? line.slice('warning: '.length) : line);
  };
  return { io: { ...io, err }, log };
}
