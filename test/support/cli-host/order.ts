/** A command, and with what. */
export interface Order {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** What has come of it. */
export interface Answer {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** It may have had a worker, which Temporal knows by the number of its process. */
  readonly mayHaveWorked: boolean;
}
