export interface TemporalErrorOptions extends ErrorOptions {
  /** It may come about by itself, as where a server is just being started. */
  readonly mayPass?: boolean;
}

/** Temporal cannot be had or reached: what was tried, and what to type. */
export class TemporalError extends Error {
  readonly hint: string;
  readonly mayPass: boolean;

  constructor(message: string, hint: string, { mayPass = false, ...options }: TemporalErrorOptions = {}) {
    super(message, options);
    this.name = 'TemporalError';
    this.hint = hint;
    this.mayPass = mayPass;
  }
}
