import type { ExitCode } from './exit-codes.ts';
import { EXIT } from './exit-codes.ts';

/** The one error a person sees: what and where, why, and what to type next. */
export class CliError extends Error {
  readonly exitCode: ExitCode;
  readonly hint: string | undefined;
  /** A place in a file, where it is about one. */
  readonly where: string | undefined;

  constructor(
    message: string,
    options: { hint?: string; exitCode?: ExitCode; where?: string | undefined } = {},
  ) {
    super(message);
    this.name = 'CliError';
    this.hint = options.hint;
    this.where = options.where;
    this.exitCode = options.exitCode ?? EXIT.usage;
  }
}
