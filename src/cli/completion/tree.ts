import type { Command, Option } from 'commander';
import { FLEET_TENANT_STATES } from '../../domain/fleet/tenant/states.ts';
import { pathNames } from '../../domain/paths/index.ts';

/** What a word may be: one of these, or a name of a kind. */
export interface Words {
  readonly kind?: NameKind;
  readonly choices?: readonly string[];
}

/** `file`: the shell knows best. */
export type NameKind = 'context' | 'namespace' | 'fleet' | 'tenant' | 'wave' | 'file';

export interface FlagNode extends Words {
  /** `-c` and `--context`. */
  readonly names: readonly string[];
  readonly takesValue: boolean;
  readonly takesSeveral: boolean;
}

/** A command as completion knows it. The script carries the whole tree: nothing of the program is loaded to complete a word. */
export interface CommandNode {
  readonly name: string;
  readonly commands: readonly CommandNode[];
  readonly flags: readonly FlagNode[];
  /** What follows its name. */
  readonly args: readonly Words[];
}

/** The tree of the program as it is. */
export function treeOf(command: Command): CommandNode {
  const isOfFleet = command.parent?.name() === 'fleet';
  const help = command.createHelp();
  return {
    name: command.name(),
    commands: help.visibleCommands(command).map(treeOf),
    flags: help.visibleOptions(command).map((option) => flagOf(option, isOfFleet)),
    args: command.registeredArguments.map(({ argChoices }) =>
      argChoices ? { choices: argChoices } : isOfFleet ? { kind: 'fleet' } : {},
    ),
  };
}

function flagOf(
  { short, long, required, optional, variadic, argChoices }: Option,
  isOfFleet: boolean,
): FlagNode {
  const names = [short, long].filter((name) => name !== undefined && name !== null);
  const takesValue = required || optional;
  const words = argChoices ? { choices: argChoices } : valuesOf(long ?? '', isOfFleet);
  return { names, takesValue, takesSeveral: variadic, ...(takesValue ? words : {}) };
}

/** By the flag's name: one thing is called the same everywhere. */
function valuesOf(flag: string, isOfFleet: boolean): Words {
  switch (flag) {
    case '--context':
      return { kind: 'context' };
    case '--namespace':
      return { kind: 'namespace' };
    case '--tenant':
      return { kind: 'tenant' };
    case '--wave':
      return { kind: 'wave' };
    case '--confirm':
      return { kind: isOfFleet ? 'fleet' : 'namespace' };
    case '--file':
    case '--kubeconfig':
    case '--out':
    case '--plan':
    case '--template':
    case '--token-file':
      return { kind: 'file' };
    case '--output':
      return { choices: ['text', 'json'] };
    case '--on-failure':
      return { choices: ['revert', 'hold'] };
    case '--path':
      return { choices: pathNames() };
    case '--state':
      return isOfFleet ? { choices: FLEET_TENANT_STATES } : {};
    default:
      return {};
  }
}
