import { InvalidArgumentError, Option } from 'commander';
import type { Command } from 'commander';
import type { ZodType } from 'zod';
import { beside, component, ownName, stream } from '../config/choices-schema.ts';
import { projectName, secretName, shortName } from '../config/names-schema.ts';
import { shellWord } from '../domain/tenant/decisions.ts';
import { PATH_HELP } from './known-path.ts';

/** How a tenant is named: by flags, or by a file that names it. Flags win over the file. */
export interface TenantOptions {
  readonly context?: string;
  readonly namespace?: string;
  readonly file?: string;
  readonly kubeconfig?: string;
}

/** What an upgrade can be told; the same for `check`, `plan` and `start`, so that they speak of the same thing. */
export interface UpgradeOptions extends TenantOptions {
  readonly image: Readonly<Record<string, string>>;
  readonly impersonationSecret?: string;
  readonly impersonationUsername?: string;
  readonly impersonationDomain?: string;
  readonly releaseEverywhere?: boolean;
  readonly assumeVersion?: string;
  readonly follow?: readonly string[];
  readonly leave?: readonly string[];
  readonly takeAlong?: Readonly<Record<string, string>>;
  readonly replaceLatest?: readonly string[];
  readonly path?: string;
  readonly onFailure?: string;
  readonly logs: boolean;
  readonly windowOpens?: string;
  readonly windowMinutes?: number;
  readonly windowZone?: string;
  /** Of `start`: each a receiver, as a file would name it. */
  readonly notify?: readonly string[];
}

export interface OutputOptions {
  readonly output?: 'text' | 'json';
}

export interface MessageOptions {
  readonly by?: string;
  readonly why?: string;
  /** From where it is said, where that is not the login that this command has. No flag. */
  readonly via?: string;
}

export function addTenantOptions(command: Command): Command {
  return command
    .option('-c, --context <name>', 'kubeconfig context of the cluster (default: the current one)')
    .option('-n, --namespace <name>', "the tenant's project (default: the context's)", namespaceName)
    .option('-f, --file <path>', 'a tenant file (YAML) that names the tenant and its settings')
    .option('--kubeconfig <path>', 'kubeconfig file (default: as kubectl finds it)');
}

export function addUpgradeOptions(command: Command): Command {
  return addTenantOptions(command)
    .option('--path <from-to>', PATH_HELP)
    .option(
      '--image <name=reference>',
      'a mirrored image: system, apicast, backend, zync or memcached; may be repeated',
      collectImage,
      {},
    )
    .option(
      '--impersonation-username <name>',
      'section 1.3: new user name of the impersonation administrator',
    )
    .option('--impersonation-domain <domain>', "section 1.3: domain of that user's e-mail address")
    .option(
      '--impersonation-secret <name>',
      "instead: a Secret in the tenant's project with both",
      secretOption,
    )
    .option('--release-everywhere', "also set AMP_RELEASE in system-app's pre-hook and dc/system-sidekiq")
    .option(
      '--assume-version <version>',
      'what an installation is taken for of which nothing names the version, such as 2.3',
    )
    .option(
      '--follow <component>',
      'lead the image trigger of a component, which leads elsewhere, to the new version; may be repeated',
      collectOf(component),
    )
    .option(
      '--leave <component>',
      'let such a component go on running what it runs, knowingly; may be repeated',
      collectOf(component),
    )
    .option(
      '--take-along <name=component>',
      'a DeploymentConfig of your own that follows the same images, and the component beside which it rolls; may be repeated',
      collectTakenAlong,
    )
    .option(
      '--replace-latest <stream>',
      'an image stream whose latest is replaced whatever image it has; may be repeated',
      collectOf(stream),
    )
    .option('--on-failure <policy>', 'before the point of no return: revert or hold (default: revert)')
    .option('--no-logs', 'where a pod fails, do not show the end of its log (it is shown redacted)')
    .option('--window-opens <cron>', 'maintenance window: when it opens, as a cron line')
    .option('--window-minutes <minutes>', 'how long it stays open', minutes)
    .option('--window-zone <zone>', 'the IANA time zone it is read in, such as Europe/Berlin');
}

/** What was typed besides the tenant, to be typed again; what goes into a Secret is left out. */
export function typedAgain(options: UpgradeOptions): string[] {
  const { image, impersonationUsername, impersonationDomain } = options;
  const valued: readonly (readonly [string, string | number | undefined])[] = [
    ['--kubeconfig', options.kubeconfig],
    ['--file', options.file],
    ['--path', options.path],
    ...Object.entries(image).map(([name, reference]) => ['--image', `${name}=${reference}`] as const),
    ['--impersonation-secret', options.impersonationSecret],
    ['--assume-version', options.assumeVersion],
    ...(options.follow ?? []).map((name) => ['--follow', name] as const),
    ...(options.leave ?? []).map((name) => ['--leave', name] as const),
    ...Object.entries(options.takeAlong ?? {}).map(
      ([name, like]) => ['--take-along', `${name}=${like}`] as const,
    ),
    ...(options.replaceLatest ?? []).map((name) => ['--replace-latest', name] as const),
    ['--on-failure', options.onFailure],
    ['--window-opens', options.windowOpens],
    ['--window-minutes', options.windowMinutes],
    ['--window-zone', options.windowZone],
    ...(options.notify ?? []).map((receiver) => ['--notify', receiver] as const),
  ];
  return [
    ...valued.flatMap(([flag, value]) => (value === undefined ? [] : [flag, shellWord(String(value))])),
    ...(options.releaseEverywhere ? ['--release-everywhere'] : []),
    ...(options.logs ? [] : ['--no-logs']),
    ...(impersonationUsername === undefined ? [] : ['--impersonation-username …']),
    ...(impersonationDomain === undefined ? [] : ['--impersonation-domain …']),
  ];
}

/** Where something is to listen; 0: a free port. */
export function portNumber(argument: string): number {
  const value = Number(argument);
  if (!/^\d+$/.test(argument) || value > 65_535) throw new InvalidArgumentError('Use a port, 0 to 65535.');
  return value;
}

/** As a fleet file names a site: another name would be one that no file can name. */
export const siteName = named(shortName);

/** A project's. */
export const namespaceName = named(projectName);

/** A Secret's. */
export const secretOption = named(secretName);

function named(schema: ZodType<string>): (argument: string) => string {
  return (argument) => {
    const { error } = schema.safeParse(argument);
    if (error) throw new InvalidArgumentError(`It ${error.issues[0]?.message ?? 'is no name'}.`);
    return argument;
  };
}

export function addOutputOption(command: Command): Command {
  return command.option('-o, --output <format>', 'text or json', outputFormat, 'text');
}

/** Whoever is told, besides those of the file. */
export function addNotifyOption(command: Command): Command {
  return command.option(
    '--notify <receiver>',
    "who is told, as notify: of a file has it, on one line; may be repeated: '{slack: {url: {env: THREESCALE_UPGRADE_NOTIFY_CHAT}}}'",
    collectText,
  );
}

export const collectText = (argument: string, known: readonly string[] = []): string[] => [
  ...known,
  argument,
];

/** Of what says something: it returns when it is said, unless somebody wishes to see what comes of it. */
export function addWatchOption(command: Command): Command {
  return (
    command
      .option('--watch', 'show afterwards what comes of it, until it ends or needs somebody')
      // As earlier releases asked for what is the rule now.
      .addOption(new Option('--no-watch').hideHelp())
  );
}

export function addMessageOptions(command: Command): Command {
  return command
    .option('--why <text>', 'the reason; stands in the report')
    .option('--by <name>', 'who asks (default: you, on this machine)');
}

function collectImage(argument: string, images: Readonly<Record<string, string>>): Record<string, string> {
  const at = argument.indexOf('=');
  if (at < 1)
    throw new InvalidArgumentError('Use name=reference, such as system=mirror.example.com/3scale/system.');
  return { ...images, [argument.slice(0, at)]: argument.slice(at + 1) };
}

/** One more of a list, each once. */
function collectOf(schema: ZodType<string>): (argument: string, known?: readonly string[]) => string[] {
  const check = named(schema);
  return (argument, known = []) => [...new Set([...known, check(argument)])];
}

export function collectTakenAlong(
  argument: string,
  known: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const [name = '', like = '', ...more] = argument.split('=');
  if (like === '' || more.length > 0)
    throw new InvalidArgumentError('Use name=component, such as second-gateway=apicast-production.');
  if ((known[name] ?? like) !== like)
    throw new InvalidArgumentError(
      `It is named already, beside ${known[name] ?? ''}: it can be only one of them.`,
    );
  return { ...known, [named(ownName)(name)]: named(beside)(like) };
}

function minutes(argument: string): number {
  const value = Number(argument);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('Use a whole number of minutes.');
  return value;
}

function outputFormat(argument: string): string {
  if (argument !== 'text' && argument !== 'json') throw new InvalidArgumentError('Use text or json.');
  return argument;
}
