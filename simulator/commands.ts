import type { Pod } from './objects.ts';

export interface ExecRequest {
  readonly namespace: string;
  readonly pod: Pod;
  readonly container: string;
  readonly command: readonly string[];
}

export interface ExecResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/** What a command does when it is run in a pod; undefined: not found in the image. */
export type CommandRunner = (request: ExecRequest) => ExecResult | undefined;

/** Commands that can be run in pods, and how often each was. */
export interface Commands {
  add(runner: CommandRunner): void;
  run(request: ExecRequest): ExecResult | undefined;
  /** Every command line that was run, by namespace. */
  ran(namespace: string): readonly string[];
}

export function createCommands(): Commands {
  const runners: CommandRunner[] = [];
  const log: { namespace: string; line: string }[] = [];
  return {
    add: (runner) => void runners.push(runner),
    run(request) {
      log.push({ namespace: request.namespace, line: request.command.join(' ') });
      for (const runner of runners) {
        const result = runner(request);
        if (result) return result;
      }
      return undefined;
    },
    ran: (namespace) => log.filter((entry) => entry.namespace === namespace).map(({ line }) => line),
  };
}
