import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import type { TenantChoice } from '../../../domain/fleet/fleet-upgrade.ts';
import type { Allowance } from '../../../domain/fleet/spec.ts';
import { shellWord } from '../../../domain/decisions.ts';
import { CliError } from '../../cli-error.ts';
import { fleetCommand } from '../../fleets.ts';

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

/** Exactly one of the flags. Throws CliError. */
export function choiceOf(
  fleet: string,
  verb: string,
  { tenant: tenants, wave, all }: ChoiceOptions,
): TenantChoice {
  const given = [tenants, wave, all || undefined].filter((flag) => flag !== undefined);
  if (given.length === 1)
    return { ...(tenants ? { tenants } : wave === undefined ? { all: true } : { wave }) };
  throw new CliError(
    given.length === 0
      ? `${verb} must be told which tenants are meant`
      : `--tenant, --wave and --all exclude each other`,
    {
      hint: `As in: ${fleetCommand(fleet, verb, '--tenant NAME', '--why "…"')}, or: ${fleetCommand(fleet, verb, '--wave NAME', '--why "…"')}`,
    },
  );
}

/** The same choice, as it is typed. */
export function typedChoice({ tenants, wave }: TenantChoice): string {
  if (tenants) return `--tenant ${tenants.map(shellWord).join(' ')}`;
  return wave === undefined ? '--all' : `--wave ${shellWord(wave)}`;
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
