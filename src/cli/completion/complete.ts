import type { CommandNode, FlagNode, NameKind, Words } from './tree.ts';

/** What was typed before the word that is being completed, as far as names depend on it. */
export interface Typed {
  readonly kubeconfig?: string;
  readonly file?: string;
  readonly context?: string;
  /** Of a command about one. */
  readonly fleet?: string;
}

/** Where names come from. */
export type Names = (kind: NameKind, typed: Typed) => Promise<readonly string[]>;

/** What the last of the words may become. `file`: a path, which the shell completes by itself. */
export type Completion = readonly string[] | 'file';

/** Completes the last word, which may be empty. Pure but for `names`. */
export async function complete(
  root: CommandNode,
  words: readonly string[],
  names: Names,
): Promise<Completion> {
  const before = words.slice(0, -1);
  const word = words.at(-1) ?? '';
  const { command, given, pending, flags } = read(root, before);
  const inline = /^(--[a-z-]+)=(.*)$/s.exec(word);
  if (inline) {
    const [, name = '', value = ''] = inline;
    const flag = flagNamed(command, name);
    const found = flag ? await candidates(flag, names, typedBy(command, flags, given)) : [];
    return found === 'file' ? found : starting(found, value).map((one) => `${name}=${one}`);
  }
  const typed = typedBy(command, flags, given);
  const values = pending ? await candidates(pending, names, typed) : [];
  if (values === 'file') return values;
  // A flag that takes several values may have had its last.
  if (pending && !(pending.takesSeveral && word.startsWith('-'))) return starting(values, word);
  if (word.startsWith('-')) return starting(unused(command, flags), word);
  // There is no such command: nothing can follow it.
  if (command.commands.length > 0 && given.length > 0) return [];
  const argument = command.args[given.length];
  const ofArgument = argument ? await candidates(argument, names, typed) : [];
  if (ofArgument === 'file') return ofArgument;
  const own = given.length === 0 ? command.commands.map(({ name }) => name) : [];
  const all = [...own, ...ofArgument];
  return starting(all.length > 0 ? all : unused(command, flags), word);
}

interface Read {
  readonly command: CommandNode;
  /** Words that are no flags, and no values of flags. */
  readonly given: readonly string[];
  readonly flags: ReadonlyMap<FlagNode, string>;
  /** The flag whose value comes next. */
  readonly pending?: FlagNode;
}

function read(root: CommandNode, words: readonly string[]): Read {
  let command = root;
  let pending: FlagNode | undefined;
  const given: string[] = [];
  const flags = new Map<FlagNode, string>();
  for (const word of words) {
    const [name = '', value] = word.startsWith('--') ? word.split(/=(.*)/s) : [word];
    const flag = word.startsWith('-') ? flagNamed(command, name) : undefined;
    if (flag) {
      flags.set(flag, value ?? '');
      pending = flag.takesValue && value === undefined ? flag : undefined;
    } else if (pending) {
      flags.set(pending, word);
      if (!pending.takesSeveral) pending = undefined;
    } else {
      const sub = given.length === 0 ? command.commands.find((one) => one.name === word) : undefined;
      if (sub) command = sub;
      else given.push(word);
    }
  }
  return { command, given, flags, ...(pending ? { pending } : {}) };
}

function typedBy(
  command: CommandNode,
  flags: ReadonlyMap<FlagNode, string>,
  given: readonly string[],
): Typed {
  const valueOf = (name: string): string | undefined =>
    [...flags].find(([flag]) => flag.names.includes(name))?.[1];
  const [fleet] = command.args[0]?.kind === 'fleet' ? given : [];
  const typed = {
    kubeconfig: valueOf('--kubeconfig'),
    file: valueOf('--file'),
    context: valueOf('--context'),
    fleet,
  };
  return Object.fromEntries(Object.entries(typed).filter(([, value]) => value));
}

async function candidates({ kind, choices = [] }: Words, names: Names, typed: Typed): Promise<Completion> {
  if (kind === 'file') return 'file';
  return kind === undefined ? choices : names(kind, typed);
}

const flagNamed = (command: CommandNode, name: string): FlagNode | undefined =>
  command.flags.find((flag) => flag.names.includes(name));

function unused(command: CommandNode, flags: ReadonlyMap<FlagNode, string>): string[] {
  return command.flags.filter((flag) => !flags.has(flag)).flatMap(({ names }) => names.at(-1) ?? []);
}

const starting = (words: readonly string[], start: string): string[] =>
  [...new Set(words)].filter((word) => word.startsWith(start)).sort();
