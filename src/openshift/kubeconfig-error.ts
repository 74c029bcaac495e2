/** A kubeconfig, or a name in it, that cannot be used: `message` says what and where, `hint` what to type. */
export class KubeconfigError extends Error {
  readonly hint: string;
  /** It was met while the file was being written, as far as one can see: read again soon, it may be whole. */
  readonly isPassing: boolean;

  constructor(message: string, hint: string, options: ErrorOptions & { readonly isPassing?: boolean } = {}) {
    super(message, options);
    this.name = 'KubeconfigError';
    this.hint = hint;
    this.isPassing = options.isPassing ?? false;
  }
}
