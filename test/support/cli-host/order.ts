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

/** A text may have whatever some take for a line's end, such as U+2028. */
export const asLine = (value: Order | Answer): string =>
  Buffer.from(JSON.stringify(value)).toString('base64');

export const fromLine = <T extends Order | Answer>(line: string): T =>
  JSON.parse(Buffer.from(line, 'base64').toString()) as T;
