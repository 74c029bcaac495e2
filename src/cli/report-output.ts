import { Option } from 'commander';
import type { Command } from 'commander';

const FORMATS = ['text', 'json', 'junit'] as const;
const HANDED_OVER = [...FORMATS, 'html'] as const;

/** Of commands whose result a pipeline may want as a test report. */
export interface ReportOutputOptions {
  readonly output?: (typeof FORMATS)[number];
}

export function addReportOutput(command: Command): Command {
  const means = 'what is written; junit is a test report, as Jenkins and GitLab read it';
  return command.addOption(new Option('-o, --output <format>', means).choices(FORMATS).default('text'));
}

/** Of commands whose result is handed over to others. */
export interface HandOverOptions {
  readonly output?: (typeof HANDED_OVER)[number];
  /** The file of the auditors' statement. */
  readonly statement?: string;
}

export function addHandOverOutput(command: Command): Command {
  const means =
    'what is written; junit is a test report, as Jenkins and GitLab read it; html one file to be handed over and printed';
  return command
    .addOption(new Option('-o, --output <format>', means).choices(HANDED_OVER).default('text'))
    .option(
      '--statement <file>',
      'write a statement for auditors about the report there (in-toto test-result)',
    );
}
