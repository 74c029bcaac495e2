import { CommanderError } from 'commander';
import { ConfigError } from '../config/reading/config-error.ts';
import type { ApiErrorKind } from '../openshift/api-error.ts';
import { OpenShiftError } from '../openshift/api-error.ts';
import { KubeconfigError } from '../openshift/kubeconfig/kubeconfig-error.ts';
import { EncryptionError } from '../temporal/codec/encryption-error.ts';
import { TemporalError } from '../temporal/temporal-error.ts';
import { CliError } from './cli-error.ts';
import type { ExitCode } from './exit-codes.ts';
import { EXIT } from './exit-codes.ts';
import type { Io } from './io.ts';
import { typedAlong, whatIsCalled } from './typed-along.ts';

/** What a script is told of an error, on stdout, where it has asked for JSON. */
interface ErrorDocument {
  readonly error: {
    readonly kind: ErrorKind;
    readonly message: string;
    /** A place in a file, or what the command was about. */
    readonly where: string;
    readonly hint: string | null;
    readonly exitCode: ExitCode;
  };
}

type ErrorKind = (typeof KINDS)[ExitCode];

/** One word for each exit code, documented in docs/cli.md. */
const KINDS = {
  [EXIT.ok]: 'none',
  [EXIT.bug]: 'bug',
  [EXIT.changes]: 'changes',
  [EXIT.blocked]: 'blocked',
  [EXIT.held]: 'held',
  [EXIT.notUpgraded]: 'not-upgraded',
  [EXIT.unreachable]: 'unreachable',
  [EXIT.refused]: 'refused',
  [EXIT.usage]: 'usage',
  [EXIT.interrupted]: 'interrupted',
} as const;

/** What a person is told of an error, and how a command ends by it. */
export interface Explained {
  readonly message: string;
  readonly hint?: string | undefined;
  readonly where?: string | undefined;
  readonly code: ExitCode;
}

/** Says one clear error (what, where, why, what to type next) and answers with its exit code; `json`: to a script as well. */
export function reportError(error: unknown, io: Io, { json = false }: { json?: boolean } = {}): ExitCode {
  const { err, colors } = io;
  const { message, hint, where, code } = explain(error);
  if (code === EXIT.ok) return code;
  if (isInterrupt(error)) err(message);
  // Commander has said it to people already.
  else if (!(error instanceof CommanderError)) {
    err(`${colors.red('error:')} ${message}`);
    if (hint !== undefined) err(hint);
  }
  if (json) answerWith({ message, hint, where, code }, io);
  return code;
}

/** Tells a script, on stdout, why there is no result. */
export function answerWith({ message, hint, where, code }: Explained, io: Io): void {
  const document: ErrorDocument = {
    error: {
      kind: KINDS[code],
      message,
      where: where ?? whatIsCalled(),
      hint: hint === undefined ? null : typedAlong(hint),
      exitCode: code,
    },
  };
  io.out(JSON.stringify(document, undefined, 2));
}

/** Whether the command line asks for JSON, also where it is wrong otherwise. */
export function asksForJson(args: readonly string[]): boolean {
  return args.some(
    (word, index) =>
      ['-ojson', '--output=json'].includes(word) ||
      (word === 'json' && ['-o', '--output'].includes(args[index - 1] ?? '')),
  );
}

/** One clear error: what, where, why, what to type next. */
export function explain(error: unknown): Explained {
  if (error instanceof CommanderError) return explainUsage(error);
  if (isInterrupt(error)) return { message: 'Nothing was changed.', code: EXIT.interrupted };
  if (error instanceof CliError)
    return { message: error.message, hint: error.hint, where: error.where, code: error.exitCode };
  if (error instanceof ConfigError || error instanceof KubeconfigError || error instanceof EncryptionError)
    return { message: error.message, hint: error.hint, where: placeIn(error), code: EXIT.usage };
  if (error instanceof TemporalError)
    return { message: error.message, hint: error.hint, code: EXIT.unreachable };
  // Told by its name, as below: the SDK itself would be loaded by whoever wants to see the help only.
  if (error instanceof Error && error.name === 'ServiceError') {
    const why = error.cause instanceof Error ? error.cause.message : error.message;
    return {
      message: `Temporal does not answer: ${why}`,
      hint: 'Nothing is lost: type the same command again when it does.',
      code: EXIT.unreachable,
    };
  }
  if (isFailedCall(error))
    return {
      message: `Temporal does not answer: ${error.details}`,
      hint: 'Nothing is lost: type the same command again when it does.',
      code: EXIT.unreachable,
    };
  if (error instanceof Error && error.name === 'TemplateError')
    return { message: error.message, hint: 'Name an OpenShift Template with --template.', code: EXIT.usage };
  if (error instanceof OpenShiftError) {
    return { message: error.message, hint: API_HINTS[error.kind], code: EXIT.unreachable };
  }
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { message, hint: 'This is a bug of the tool: report it.', code: EXIT.bug };
}

/** Of gRPC itself: a call that the SDK does not wrap. */
const isFailedCall = (error: unknown): error is Error & { readonly details: string } =>
  error instanceof Error &&
  'code' in error &&
  typeof error.code === 'number' &&
  'details' in error &&
  typeof error.details === 'string';

const LOOK = 'Look at the cluster with: oc get --raw /healthz';
const API_HINTS: Readonly<Record<ApiErrorKind, string>> = {
  Unreachable: 'See that the cluster is up, and that its address in the kubeconfig is right: oc config view',
  Throttled: 'The cluster is busy: try again later.',
  ServerError: LOOK,
  TimedOut: LOOK,
  Conflict: 'Somebody else writes the same object: try again.',
  AlreadyExists: 'Somebody else creates the same object: try again.',
  Unauthorized: 'Log in again with: oc login',
  Forbidden:
    'Grant what is missing with: threescale-upgrade rbac --bind-user NAME | oc apply -n PROJECT -f -',
  NotFound: LOOK,
  Invalid: LOOK,
};

/** Ctrl-C or Ctrl-D at a question: all are asked before anything is changed. */
const isInterrupt = (error: unknown): boolean =>
  error instanceof Error && ['ExitPromptError', 'AbortPromptError'].includes(error.name);

function explainUsage({ exitCode, code, message }: CommanderError): Explained {
  if (exitCode === 0) return { message, code: EXIT.ok };
  return {
    message: code === 'commander.help' ? 'no command is named' : message.replace(/^error: /, ''),
    hint: 'See the flags with: threescale-upgrade --help, or of a command: threescale-upgrade check --help',
    code: EXIT.usage,
  };
}

/** Where a file is wrong first. */
const placeIn = (error: Error): string | undefined =>
  error instanceof ConfigError ? error.where : undefined;
