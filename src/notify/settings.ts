import { accessSync, constants, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { commandProblem, secretProblem } from '../domain/notify/receivers.ts';
import type { SecretRef } from '../domain/notify/receivers.ts';
import { DeliveryError } from './delivery-error.ts';

/** Folders of the worker that sends: files with one secret each, and the commands that may be run. */
const SECRETS_FOLDER = 'THREESCALE_UPGRADE_SECRETS';
export const COMMANDS_FOLDER = 'THREESCALE_UPGRADE_COMMANDS';

const LONGEST_SECRET = 8_192;

/** Throws DeliveryError where this worker does not have it: it says which, and never what is in it. */
export function readSecret(ref: SecretRef, env: NodeJS.ProcessEnv = process.env): string {
  const value = secretProblem(ref) === undefined ? valueOf(ref, env) : undefined;
  if (value !== undefined && value !== '' && value.length <= LONGEST_SECRET) return value;
  throw new DeliveryError(`the worker lacks ${describeSecret(ref)}`);
}

export function hasSecret(ref: SecretRef, env: NodeJS.ProcessEnv = process.env): boolean {
  try {
    return readSecret(ref, env) !== '';
  } catch {
    return false;
  }
}

/** `the variable THREESCALE_UPGRADE_NOTIFY_OPS`, or `the file ops in its folder of secrets (THREESCALE_UPGRADE_SECRETS)`. */
export function describeSecret(ref: SecretRef): string {
  if (secretProblem(ref) !== undefined) return 'a secret of no valid name';
  return 'env' in ref
    ? `the variable ${ref.env}`
    : `the file ${ref.file} in its folder of secrets (${SECRETS_FOLDER})`;
}

function valueOf(ref: SecretRef, env: NodeJS.ProcessEnv): string | undefined {
  if ('env' in ref) return env[ref.env]?.trim();
  const folder = env[SECRETS_FOLDER];
  if (!folder) return undefined;
  try {
    const file = join(folder, ref.file);
    return statSync(file).isFile() ? readFileSync(file, 'utf8').trim() : undefined;
  } catch {
    return undefined;
  }
}

/** The file of a command that this worker may run. Throws DeliveryError where there is none of this name. */
export function commandFile(name: string, env: NodeJS.ProcessEnv = process.env): string {
  const folder = env[COMMANDS_FOLDER];
  if (folder && commandProblem(name) === undefined) {
    const file = join(folder, name);
    if (isCommand(file)) return file;
  }
  throw new DeliveryError(
    `the worker has no command of this name in its folder of commands (${COMMANDS_FOLDER})`,
  );
}

/** Names of those that may be run. */
export function commandsThere(env: NodeJS.ProcessEnv = process.env): string[] {
  const folder = env[COMMANDS_FOLDER];
  if (!folder) return [];
  try {
    return readdirSync(folder).filter(
      (name) => commandProblem(name) === undefined && isCommand(join(folder, name)),
    );
  } catch {
    return [];
  }
}

function isCommand(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
