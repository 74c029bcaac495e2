import type { Command } from 'commander';
import { CommanderError } from 'commander';
import picocolors from 'picocolors';
import { createProgram } from '../../src/cli/program.ts';

const silent = {
  out: () => undefined,
  err: () => undefined,
  interactive: false,
  colors: picocolors.createColors(false),
};

/** The program as it is, whose commands do nothing: it only reads what was typed. */
function idleProgram(): Command {
  const program = createProgram(silent, '0.0.0', () => undefined);
  const idle = (command: Command): void => {
    command.action(() => undefined);
    command.commands.forEach(idle);
  };
  program.commands.forEach((command) => {
    if (command.commands.length === 0) idle(command);
    else command.commands.forEach(idle);
  });
  return program;
}

/** What `--help` of each command says, but for the form of its usage. */
export async function everyHelp(): Promise<string[]> {
  const paths = createProgram(silent, '0.0.0', () => undefined).commands.flatMap((command) => [
    [command.name()],
    ...command.commands.map((sub) => [command.name(), sub.name()]),
  ]);
  return Promise.all(
    [[], ...paths].map(async (path) => {
      const said: string[] = [];
      const program = createProgram({ ...silent, out: (line) => said.push(line) }, '0.0.0', () => undefined);
      await program.parseAsync([...path, '--help'], { from: 'user' }).catch(() => undefined);
      return said.join('\n').replace(/^Usage:.*$/m, '');
    }),
  );
}

/** What is wrong with a command as somebody has typed it; undefined where it can be typed so. */
export async function whyNotTyped(words: readonly string[]): Promise<string | undefined> {
  try {
    await idleProgram().parseAsync([...words], { from: 'user' });
    return undefined;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? undefined : error.message;
    return error instanceof Error ? error.message : String(error);
  }
}
