import { ServiceError } from '@temporalio/client';
import { CommanderError } from 'commander';
import { ConfigError } from '../config/config-error.ts';
import type { ApiErrorKind } from '../openshift/api-error.ts';
import { OpenShiftError } from '../openshift/api-error.ts';
import { KubeconfigError } from '../openshift/kubeconfig.ts';
import { EncryptionError } from '../temporal/encryption-error.ts';
import { TemporalError } from '../temporal/temporal-error.ts';
import { CliError } from './cli-error.ts';
import type { ExitCode } from './exit-codes.ts';
import { EXIT } from './exit-codes.ts';
import type { Io } from './io.ts';

/** Says one clear error (what, where, why, what to type next) and answers with its exit code. */
export function reportError(error: unknown, { err, colors }: Io): ExitCode {
  // Commander has said it already.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  if (isInterrupt(error)) {
    err('Nothing was changed.');
    return EXIT.interrupted;
  }
  const { message, hint, code } = explain(error);
  err(`${colors.red('error:')} ${message}`);
  if (hint !== undefined) err(hint);
  return code;
}

function explain(error: unknown): { message: string; hint?: string | undefined; code: ExitCode } {
  if (error instanceof CliError) return { message: error.message, hint: error.hint, code: error.exitCode };
  if (error instanceof ConfigError || error instanceof KubeconfigError || error instanceof EncryptionError)
    return { message: error.message, hint: error.hint, code: EXIT.usage };
  if (error instanceof TemporalError)
    return { message: error.message, hint: error.hint, code: EXIT.unreachable };
  if (error instanceof ServiceError) {
    const why = error.cause instanceof Error ? error.cause.message : error.message;
    return {
      message: `Temporal does not answer: ${why}`,
      hint: 'Nothing is lost: type the same command again when it does.',
      code: EXIT.unreachable,
    };
  }
  if (error instanceof Error && error.name === 'TemplateError')
    return { message: error.message, hint: 'Name an OpenShift Template with --template.', code: EXIT.usage };
  if (error instanceof OpenShiftError) {
    return { message: error.message, hint: API_HINTS[error.kind], code: EXIT.unreachable };
  }
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { message, hint: 'This is a bug of the tool: report it.', code: EXIT.bug };
}

const LOOK = 'Look at the cluster with: oc get --raw /healthz';
const API_HINTS: Readonly<Record<ApiErrorKind, string>> = {
  Unreachable: 'See that the cluster is up, and that its address in the kubeconfig is right: oc config view',
  Throttled: 'The cluster is busy: try again later.',
  ServerError: LOOK,
  TimedOut: LOOK,
  Conflict: 'Somebody else writes the same object: try again.',
  AlreadyExists: 'Somebody else creates the same object: try again.',
  Unauthorized: 'Log in again with: oc login',
  Forbidden: 'Grant what is missing with: threescale-upgrade rbac -n <project> | oc apply -f -',
  NotFound: LOOK,
  Invalid: LOOK,
};

/** Ctrl-C at a question. */
const isInterrupt = (error: unknown): boolean => error instanceof Error && error.name === 'ExitPromptError';
