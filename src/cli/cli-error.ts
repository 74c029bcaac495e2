import type { ExitCode } from './exit-codes.ts';
import { EXIT } from './exit-codes.ts';

/** The one error a person sees: what and where, why, and what to type next. */
export class CliError extends Error {
  readonly exitCode: ExitCode;
  readonly hint: string | undefined;

  constructor(message: string, options: { hint?: string; exitCode?: ExitCode } = {}) {
    super(message);
    this.name = 'CliError';
    this.hint = options.hint;
    this.exitCode = options.exitCode ?? EXIT.usage;
  }
}
