import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { Clusters } from '../openshift/clusters.ts';
import { CliError } from './cli-error.ts';
import { together } from './together.ts';

/**
 * Commander ends at the first value that is wrong. Here each is remembered, and told together with the others and with
 * what is wrong with the kubeconfig, before the command begins.
 */
export function tellWrongValuesTogether(program: Command): void {
  const wrong: CliError[] = [];
  for (const command of everyCommand(program)) {
    for (const option of command.options) {
      const { parseArg, flags } = option;
      if (!parseArg) continue;
      option.argParser((value: string, previous: unknown) => {
        try {
          return parseArg(value, previous);
        } catch (error) {
          if (!(error instanceof InvalidArgumentError)) throw error;
          wrong.push(
            new CliError(`option '${flags}' argument '${value}' is invalid. ${error.message}`, {
              hint: '(add --help for the flags)',
            }),
          );
          return previous;
        }
      });
    }
  }
  program.hook('preAction', (_, command) => {
    if (wrong.length === 0) return;
    const values = wrong.map((error) => () => {
      throw error;
    });
    together([...values, () => lookAtKubeconfig(command)]);
  });
}

/** Throws KubeconfigError. */
function lookAtKubeconfig(command: Command): void {
  // The simulator writes one.
  if (command.name() === 'simulator' || !command.options.some(({ long }) => long === '--kubeconfig')) return;
  const { kubeconfig, context } = command.opts<{
    readonly kubeconfig?: string | false;
    readonly context?: unknown;
  }>();
  if (kubeconfig === false) return;
  const clusters = new Clusters(kubeconfig);
  clusters.contexts();
  if (typeof context === 'string') clusters.tenant(context, 'any');
}

function everyCommand(program: Command): Command[] {
  return program.commands.flatMap((command) => [command, ...everyCommand(command)]);
}
