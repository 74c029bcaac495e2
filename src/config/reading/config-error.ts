/** A file that cannot be used: what, where with its line, why, and what to type next. */
export class ConfigError extends Error {
  readonly hint: string;
  /** The first place that is wrong, `fleet.yaml:12`; the file, where it is none of its lines. */
  readonly where: string;

  constructor(message: string, hint: string, where: string) {
    super(message);
    this.name = 'ConfigError';
    this.hint = hint;
    this.where = where;
  }
}
