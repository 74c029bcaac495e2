import type { CommandRunner, ExecRequest, ExecResult } from './exec.ts';

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
