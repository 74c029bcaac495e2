/** The credentials of a kubeconfig cannot be had. Its message holds none, and nothing that a plugin gave for one. */
export class CredentialsError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'CredentialsError';
  }
}
