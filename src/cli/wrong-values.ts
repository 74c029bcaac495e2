import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
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
  program.hook('preAction', async (_, command) => {
    if (wrong.length === 0) return;
    const values = wrong.map((error) => () => {
      throw error;
    });
    const { lookAtKubeconfig } = await import('./tenant/look-at-kubeconfig.ts');
    together([...values, () => lookAtKubeconfig(command)]);
  });
}

function everyCommand(program: Command): Command[] {
  return program.commands.flatMap((command) => [command, ...everyCommand(command)]);
}
