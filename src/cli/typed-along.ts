import type { Command } from 'commander';
import { shellWord } from '../domain/tenant/decisions.ts';
import { printedCommands } from '../domain/text/printed-commands.ts';
import type { Io } from './io.ts';
import type { UpgradeOptions } from './options.ts';
import { typedAgain } from './options.ts';

/** What a command has been called with. */
interface Called {
  readonly program: Command;
  readonly command: Command;
}

let called: Called | undefined;

/** Once per process: the command that runs. What was typed with it goes along with every command that it prints. */
export function rememberCalled(program: Command, command: Command): void {
  called = { program, command };
}

/** What the command is about, as it was typed: `fleet retry prod`, `start prod/3scale`. */
export function whatIsCalled(args: readonly string[] = process.argv.slice(2)): string {
  if (called === undefined) {
    const flags = args.findIndex((word) => word.startsWith('-'));
    return ['threescale-upgrade', ...args.slice(0, flags < 0 ? undefined : flags)].join(' ');
  }
  const { command } = called;
  const { context, namespace, file } = command.opts<Partial<UpgradeOptions>>();
  const tenant = [context, namespace].filter((name) => typeof name === 'string').join('/');
  return [
    commandCalled(),
    ...command.args,
    ...(tenant === '' ? [] : [tenant]),
    ...(file === undefined ? [] : [file]),
  ].join(' ');
}

/** The command alone, without what it is about: `fleet retry`; empty where none has run. */
export function commandCalled(): string {
  if (called === undefined) return '';
  const { command } = called;
  return isFleet(command) ? `fleet ${command.name()}` : command.name();
}

/** What runs does something, and its exit code says what came of it: its lines are a log, unless a script has asked for JSON. */
export function linesAreALog(): boolean {
  return called !== undefined && takes(called.command, '--why') && called.command.opts()['output'] !== 'json';
}

/** An Io whose texts show commands as they are to be typed here: with the kubeconfig, and with the choices of an upgrade. */
export function typingAlong(io: Io): Io {
  return {
    ...io,
    // A JSON document is no text: what is to be completed in it is completed before.
    out: (line) => {
      io.out(called?.command.opts()['output'] === 'json' ? line : typedAlong(line));
    },
    err: (line) => {
      io.err(typedAlong(line));
    },
  };
}

/** The text with its commands completed. */
export function typedAlong(text: string): string {
  if (called === undefined || !text.includes('threescale-upgrade ')) return text;
  return completed(text, called);
}

/** The same for a command that was called so; each command of the text gets what it takes. */
export function completed(text: string, { program, command }: Called): string {
  const options = command.opts<Partial<UpgradeOptions>>();
  let shown = text;
  for (const { end, words } of printedCommands(text).reverse()) {
    const target = commandOf(program, words);
    // What ends a server reaches no cluster.
    if (!target || words.includes('--stop')) continue;
    const more = flagsFor(target, { command, options }).filter((flag) => !isThere(words, target, flag));
    shown = shown.slice(0, end) + more.map((flag) => ` ${flag.join(' ')}`).join('') + shown.slice(end);
  }
  return isFleet(command) && options.file !== undefined
    ? shown.replaceAll(/(threescale-upgrade fleet [a-z]+ -f )FILE\b/g, `$1${shellWord(options.file)}`)
    : shown;
}

/** What goes along to `target`, flag by flag. */
function flagsFor(
  target: Command,
  { command, options }: { readonly command: Command; readonly options: Partial<UpgradeOptions> },
): (readonly string[])[] {
  // Where to write one, of the simulator.
  if (command.name() === 'simulator' || target.name() === 'simulator') return [];
  const kubeconfig: unknown = options.kubeconfig;
  const reaches =
    takes(target, '--kubeconfig') && typeof kubeconfig === 'string'
      ? [['--kubeconfig', shellWord(kubeconfig)]]
      : [];
  // Whoever begins or plans an upgrade makes its choices; of a fleet they are in its file.
  const begins = takes(target, '--image') && !isFleet(command);
  const choices = begins
    ? pairs(typedAgain({ ...options, image: options.image ?? {}, logs: options.logs ?? true }))
    : [];
  return [...reaches, ...choices.filter(([flag]) => flag !== '--kubeconfig')];
}

/** Flag by flag, each with its value. */
function pairs(words: readonly string[]): string[][] {
  const found: string[][] = [];
  for (const word of words) {
    if (word.startsWith('--')) found.push(word.split(' '));
    else found.at(-1)?.push(word);
  }
  return found;
}

/** Of these there may be several: `--image zync=…` stands beside `--image system=…`. */
const REPEATED = ['--image', '--follow', '--leave', '--take-along', '--replace-latest'];

function isThere(
  words: readonly string[],
  target: Command,
  [flag = '', value = '']: readonly string[],
): boolean {
  if (!has(words, target, flag)) return false;
  const [name = ''] = value.split('=');
  return !REPEATED.includes(flag) || words.some((word) => word === name || word.startsWith(`${name}=`));
}

/** Long or short, with its value beside it or behind an equals sign. */
function has(words: readonly string[], target: Command, flag: string): boolean {
  const short = target.options.find(({ long }) => long === flag)?.short;
  return words.some((word) => word === flag || word === short || word.startsWith(`${flag}=`));
}

const takes = (command: Command, flag: string): boolean => command.options.some(({ long }) => long === flag);

const isFleet = (command: Command): boolean => command.parent?.name() === 'fleet';

/** By its words, `fleet start`; undefined where there is none. */
function commandOf(program: Command, words: readonly string[]): Command | undefined {
  const [first, second] = words;
  const found = program.commands.find((command) => command.name() === first);
  if (!found || found.commands.length === 0) return found;
  return found.commands.find((command) => command.name() === second) ?? found;
}
