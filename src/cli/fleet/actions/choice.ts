import type { TenantChoice } from '../../../domain/fleet/fleet-upgrade.ts';
import { shellWord } from '../../../domain/tenant/decisions.ts';
import { CliError } from '../../cli-error.ts';
import { fleetCommand } from '../fleet-command.ts';
import type { ChoiceOptions } from '../commands/choice.ts';

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
