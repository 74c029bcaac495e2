/** Temporal cannot be had or reached: what was tried, and what to type. */
export class TemporalError extends Error {
  readonly hint: string;

  constructor(message: string, hint: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'TemporalError';
    this.hint = hint;
  }
}
