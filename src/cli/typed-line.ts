import type { Command } from 'commander';
import { shellWord } from '../domain/tenant/decisions.ts';

/** Their values go into a Secret: they are not repeated. */
const SECRET = ['--impersonation-username', '--impersonation-domain'];

/** The command line as it was typed, with what it lacks: it can be pasted into a shell. */
export function typedLine(command: Command, ...more: readonly string[]): string {
  const { args } = rootOf(command);
  const words = args.map((word, index) => {
    if (SECRET.includes(args[index - 1] ?? '')) return '…';
    const flag = SECRET.find((name) => word.startsWith(`${name}=`));
    return flag === undefined ? shellWord(word) : `${flag}=…`;
  });
  return ['threescale-upgrade', ...words, ...more].join(' ');
}

/** As it is typed: `fleet start`. */
export function nameOf(command: Command): string {
  const { parent } = command;
  return parent?.parent ? `${nameOf(parent)} ${command.name()}` : command.name();
}

/** It has all words that were typed, in their order. */
function rootOf(command: Command): Command {
  return command.parent ? rootOf(command.parent) : command;
}
