import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import type { Allowance } from '../../../domain/fleet/spec/spec.ts';

/** Which tenants a command is about, as flags. */
export interface ChoiceOptions {
  readonly tenant?: readonly string[];
  readonly wave?: string;
  readonly all?: boolean;
}

export function addChoiceOptions(command: Command, all?: string): Command {
  command
    .option('-t, --tenant <name...>', 'tenants, by name or cluster/namespace')
    .option('-w, --wave <name>', 'all tenants of a wave');
  return all === undefined ? command : command.option('--all', all);
}

/** `3`, or `5%`. */
export function allowance(argument: string): Allowance {
  const [, digits = '', percent] = /^(\d+(?:\.\d{1,2})?)(%)?$/.exec(argument.trim()) ?? [];
  const value = Number(digits);
  if (digits === '' || (percent ? value > 100 : !Number.isInteger(value)))
    throw new InvalidArgumentError('Use a number of tenants, such as 3, or a percentage, such as 5%.');
  return percent ? { percent: value } : { count: value };
}

export function positive(argument: string): number {
  const value = Number(argument);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('Use a whole number, 1 or more.');
  return value;
}
