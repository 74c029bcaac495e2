/**
 * Payloads cannot be encrypted or decrypted here. The message says which key is meant and where it has to be, because a
 * worker's own words for it are all that a person sees in Temporal. It never holds a key.
 */
export class EncryptionError extends Error {
  readonly hint: string;

  constructor(message: string, hint: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'EncryptionError';
    this.hint = hint;
  }
}

/** True also for what the SDK has wrapped on its way through a worker. */
export function isEncryptionError(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error.name === 'EncryptionError') return true;
  return 'type' in error && error.type === 'EncryptionError';
}
