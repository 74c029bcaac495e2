import { filled, unknownNames } from './message.ts';
import type { Message } from './message.ts';
import type { Trigger } from './triggers.ts';
import { templateOf } from './triggers.ts';

/** Where the worker that sends finds a secret: in its environment, or in its folder of secrets. Never the secret itself. */
export type SecretRef = { readonly env: string } | { readonly file: string };

export interface WebhookReceiver {
  /** A secret where knowing the address is enough to write to it. */
  readonly url: string | SecretRef;
  /** Signs what is sent, as Standard Webhooks has it; absent: nothing is signed. */
  readonly secret?: SecretRef | undefined;
}

export interface EmailReceiver {
  readonly from: string;
  readonly to: readonly string[];
  /** `smtp://host:587` or `smtps://host`; one with a name and a password is a secret, as a whole. */
  readonly server: string | SecretRef;
  /** Of `smtp://`: whether STARTTLS must be; default `required`. A password is never sent without. */
  readonly starttls?: 'required' | 'if-offered' | undefined;
}

/** Somebody who is told. Of `webhook`, `slack`, `email` and `command` it has exactly one. */
export interface Receiver {
  readonly name: string;
  readonly webhook?: WebhookReceiver | undefined;
  /** An incoming webhook of Slack, or of what understands the same. */
  readonly slack?: { readonly url: SecretRef } | undefined;
  readonly email?: EmailReceiver | undefined;
  /** Name of a command in the worker's folder of commands: it gets the message as JSON on its standard input. */
  readonly command?: string | undefined;
  /** Absent: all that there are. */
  readonly triggers?: readonly Trigger[] | undefined;
  /** Of what is about a wave, only these; absent: all. */
  readonly waves?: readonly string[] | undefined;
  /** Its lines. */
  readonly templates?: Readonly<Partial<Record<Trigger, readonly string[] | undefined>>> | undefined;
}

export const KINDS = ['webhook', 'slack', 'email', 'command'] as const;
export type ReceiverKind = (typeof KINDS)[number];

/** How many a fleet or a tenant may have, and how long a template may be. */
export const NOTIFY_LIMITS = { receivers: 20, template: 2_000 } as const;

export function kindOf(receiver: Receiver): ReceiverKind {
  return KINDS.find((kind) => receiver[kind] !== undefined) ?? 'command';
}

/** Whether it wants to be told this. A test is for everybody. */
export function wants({ triggers, waves }: Receiver, { occasion, wave }: Message): boolean {
  if (occasion === 'test') return true;
  if (triggers && !triggers.includes(occasion)) return false;
  return wave === undefined || !waves || waves.includes(wave);
}

/** What it is told, in its own words where it has some; the first line is the subject. */
export function textFor({ templates = {} }: Receiver, { occasion, facts }: Message): string {
  const own = occasion === 'test' ? undefined : templates[occasion];
  return filled(own?.join('\n') ?? templateOf(occasion), facts);
}

/** Variables that may be named: the worker's other ones are nobody's business, and commands do not get them. */
const SECRET_VARIABLE = /^THREESCALE_UPGRADE_NOTIFY_[A-Z0-9_]+$/;
const PLAIN_NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$/;

/** What is wrong with the name of a secret; undefined where nothing is. */
export function secretProblem(ref: SecretRef): string | undefined {
  if ('env' in ref)
    return SECRET_VARIABLE.test(ref.env)
      ? undefined
      : 'is no variable that may be named here: its name begins with THREESCALE_UPGRADE_NOTIFY_, in capitals';
  return PLAIN_NAME.test(ref.file)
    ? undefined
    : 'is no name of a file in the worker’s folder of secrets: letters, digits, -, _ and dots, without a path';
}

/** Every secret that it names. */
function secretsOf({ webhook, slack, email }: Receiver): SecretRef[] {
  const named = [webhook?.url, webhook?.secret, slack?.url, email?.server];
  return named.filter((one) => typeof one === 'object');
}

/** What a worker must have to tell them. */
export interface Needs {
  readonly secrets: readonly SecretRef[];
  readonly commands: readonly string[];
}

/** Under which a fleet's workflow says what it needs, in Temporal's memo: whoever starts a worker sees what that lacks. */
export const NEEDS_MEMO = 'notifyNeeds';

export function needsOf(receivers: readonly Receiver[]): Needs {
  return {
    secrets: receivers.flatMap(secretsOf),
    commands: receivers.flatMap(({ command }) => command ?? []),
  };
}

export function commandProblem(name: string): string | undefined {
  return PLAIN_NAME.test(name)
    ? undefined
    : 'is no name of a command in the worker’s folder of commands: letters, digits, -, _ and dots, without a path or arguments';
}

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** Of an address that a file has as it is: anybody may read it there. */
export function urlProblem(text: string): string | undefined {
  const url = parsed(text);
  if (!url || !/^https?:$/.test(url.protocol)) return 'is no address, as in https://example.com/hook';
  if (url.username !== '' || url.password !== '') return WRITE_AS_SECRET;
  return url.protocol === 'http:' && !LOOPBACK.test(url.hostname)
    ? 'must be https: what is sent could be read and changed on its way'
    : undefined;
}

export function serverProblem(text: string): string | undefined {
  const url = parsed(text);
  if (!url || !/^smtps?:$/.test(url.protocol) || url.hostname === '')
    return 'is no mail server, as in smtp://mail.example.com:587';
  return url.username !== '' || url.password !== '' ? WRITE_AS_SECRET : undefined;
}

const WRITE_AS_SECRET =
  'holds a name or a password: put the whole address into a secret, and name that: {env: THREESCALE_UPGRADE_NOTIFY_…}';

/** One address, without a name beside it: nothing in it can begin another header or another address. */
export function addressProblem(text: string): string | undefined {
  return /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?$/.test(text)
    ? undefined
    : 'is no e-mail address, as in ops@example.com';
}

export function templateProblem(template: string): string | undefined {
  if (template.length > NOTIFY_LIMITS.template) return `is longer than ${NOTIFY_LIMITS.template} characters`;
  const [unknown] = unknownNames(template);
  return unknown === undefined
    ? undefined
    : `names {{${unknown}}}, which there is not; see docs/notifications.md`;
}

/** What a worker refuses of a receiver, whoever names it. */
export function receiverProblem(receiver: Receiver): string | undefined {
  const { webhook, email, command, templates = {} } = receiver;
  const literal = (value: unknown, problem: (text: string) => string | undefined): string | undefined =>
    typeof value === 'string' ? problem(value) : undefined;
  const problems = [
    ...secretsOf(receiver).map(secretProblem),
    literal(webhook?.url, urlProblem),
    literal(email?.server, serverProblem),
    ...(email ? [email.from, ...email.to].map(addressProblem) : []),
    literal(command, commandProblem),
    ...Object.values(templates).map((lines) => templateProblem(lines?.join('\n') ?? '')),
    KINDS.filter((kind) => receiver[kind] !== undefined).length === 1
      ? undefined
      : 'is of no kind, or of several',
  ];
  return problems.find((problem) => problem !== undefined);
}

/** `new URL` is there in a workflow's sandbox as it is elsewhere. */
function parsed(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}
