import type { Command } from 'commander';
import { Argument } from 'commander';
import type { Shell } from '../completion/scripts.ts';
import { completionScript, SHELLS } from '../completion/scripts.ts';
import { treeOf } from '../completion/tree.ts';
import type { Io } from '../io.ts';

export function addCompletion(program: Command, io: Io): void {
  program
    .command('completion')
    .summary('print what lets a shell complete this command')
    .description(
      'Prints a script for a shell, which then completes commands, flags, and the names of contexts, projects, fleets, ' +
        'tenants and waves. Names of fleets come from Temporal where one runs; none is started, and nothing is said where there are none.',
    )
    .addArgument(new Argument('<shell>', 'bash, zsh or fish').choices(SHELLS))
    .addHelpText(
      'after',
      '\nExamples, for the start-up file of each shell:\n' +
        '  source <(threescale-upgrade completion bash)\n' +
        '  source <(threescale-upgrade completion zsh)\n' +
        '  threescale-upgrade completion fish | source',
    )
    .action((shell: Shell) => {
      io.out(completionScript(shell, treeOf(program)));
    });
}
