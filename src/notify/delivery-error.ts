/** It was not sent. The message names no address that is a secret, and holds nothing that the other side has said. */
export class DeliveryError extends Error {
  /** `gone`: nothing is to be sent there any more. */
  readonly gone: boolean;
  /** The other side wants to be left alone for so long, ms. */
  readonly afterMs: number | undefined;

  constructor(
    message: string,
    { gone = false, afterMs }: { readonly gone?: boolean; readonly afterMs?: number | undefined } = {},
  ) {
    super(message);
    this.name = 'DeliveryError';
    this.gone = gone;
    this.afterMs = afterMs;
  }
}

/** Of an error of Node's or of a library's only its code: its words may hold an address. */
export function codeOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (cause instanceof Error && /^(TimeoutError|AbortError)$/.test(cause.name)) return 'no answer in time';
  const code: unknown =
    typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined;
  return typeof code === 'string' && /^[A-Z0-9_]{2,60}$/.test(code) ? code : 'no code';
}
