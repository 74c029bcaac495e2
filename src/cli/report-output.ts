import { Option } from 'commander';
import type { Command } from 'commander';

const FORMATS = ['text', 'json', 'junit'] as const;

/** Of commands whose result a pipeline may want as a test report. */
export interface ReportOutputOptions {
  readonly output?: (typeof FORMATS)[number];
}

export function addReportOutput(command: Command): Command {
  const means = 'what is written; junit is a test report, as Jenkins and GitLab read it';
  return command.addOption(new Option('-o, --output <format>', means).choices(FORMATS).default('text'));
}
