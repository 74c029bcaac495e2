/** A kubeconfig, or a name in it, that cannot be used: `message` says what and where, `hint` what to type. */
export class KubeconfigError extends Error {
  readonly hint: string;
  /** It was met while the file was being written, as far as one can see: read again soon, it may be whole. */
  readonly isPassing: boolean;
  /** The context that the kubeconfig does not have, where it is that: whose kubeconfig, its reader knows. */
  readonly missing: string | undefined;

  constructor(
    message: string,
    hint: string,
    options: ErrorOptions & { readonly isPassing?: boolean; readonly missing?: string } = {},
  ) {
    super(message, options);
    this.name = 'KubeconfigError';
    this.hint = hint;
    this.isPassing = options.isPassing ?? false;
    this.missing = options.missing;
  }
}
