import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';

const FORMATS = ['text', 'json', 'junit'] as const;

/** Of commands whose result a pipeline may want as a test report. */
export interface ReportOutputOptions {
  readonly output?: (typeof FORMATS)[number];
}

export function addReportOutput(command: Command): Command {
  return command.option(
    '-o, --output <format>',
    'text, json, or junit (XML, as Jenkins and GitLab read test reports)',
    reportFormat,
    'text',
  );
}

function reportFormat(argument: string): string {
  if (!FORMATS.some((format) => format === argument))
    throw new InvalidArgumentError('Use text, json or junit.');
  return argument;
}
