import type { ClientConfigProfile, ClientConnectConfig } from '@temporalio/envconfig';
import { doesNotParse } from '../config/reading/does-not-parse.ts';
import { configurationFile } from './dev-server/folders.ts';
import { TemporalError } from './temporal-error.ts';

/** What a header of gRPC may hold. Its library quotes a value that it refuses. */
const HEADER = /^[ -~]*$/;

/** Temporal's configuration cannot be used. It holds keys: nothing of it is quoted, and no error that may quote it is a cause. */
export function unusableConfiguration(error: unknown): TemporalError {
  if (error instanceof TemporalError) return error;
  return new TemporalError(
    `Temporal’s configuration cannot be read: ${whatIsWrong(error)}`,
    'See TEMPORAL_CONFIG_FILE, TEMPORAL_PROFILE and TEMPORAL_ADDRESS: https://docs.temporal.io/develop/environment-configuration',
  );
}

function whatIsWrong(error: unknown): string {
  const { line, column, code, message = '' } = error as Said;
  const file = configurationFile();
  if (line !== undefined && column !== undefined) return doesNotParse(file, { line, column });
  if (code !== undefined) return `${file}, or a certificate or key that it names, cannot be read: ${code}`;
  // Of what else is said, these quote nothing but names of settings, and the profile that was asked for.
  if (/^(Profile '.*' not found|Cannot specify both \w+ and \w+$)/.test(message)) return message;
  return `${file} has another shape than [profile.NAME] with its settings`;
}

/** What the parser of TOML, Node.js, and the library that reads the settings say. */
interface Said {
  readonly line?: number;
  readonly column?: number;
  readonly code?: string;
  readonly message?: string;
}

/** Throws TemporalError where a key cannot be sent: mostly it ends in a line feed, as it was read from a file. */
export function checkHeaders({ apiKey, metadata }: ClientConnectConfig['connectionOptions']): void {
  if (typeof apiKey === 'string' && !HEADER.test(apiKey))
    throw noHeader('the API key (TEMPORAL_API_KEY, api_key)');
  for (const [name, value] of Object.entries(metadata ?? {}))
    if (!HEADER.test(String(value))) throw noHeader(`the header ${name} (TEMPORAL_GRPC_META_…, grpc_meta)`);
}

/** Throws TemporalError where half of a pair is named, which the library would leave out without a word. */
export function checkCertificate({ tls }: ClientConfigProfile): void {
  if (Boolean(tls?.clientCert) === Boolean(tls?.clientKey)) return;
  const [there, missing] = tls?.clientCert ? ['certificate', 'key'] : ['key', 'certificate'];
  throw new TemporalError(
    `Temporal’s configuration names the client’s ${there}, and no ${missing}`,
    'Set both: TEMPORAL_TLS_CLIENT_CERT_PATH and TEMPORAL_TLS_CLIENT_KEY_PATH.',
  );
}

function noHeader(what: string): TemporalError {
  return new TemporalError(
    `${what} holds characters that cannot be sent, such as a line feed`,
    'Set it anew, as one line of plain characters.',
  );
}

/** Throws TemporalError where the API key would be sent as it is: by TLS that is switched off. */
export function checkKeyIsHidden({ apiKey, tls }: ClientConnectConfig['connectionOptions']): void {
  if (apiKey === undefined || tls) return;
  throw new TemporalError(
    'an API key is configured for Temporal, and TLS is switched off: whoever is in between would read the key',
    'Leave TEMPORAL_TLS (tls.disabled in a profile) out, or, for a server without TLS, TEMPORAL_API_KEY (api_key).',
  );
}

/** Throws TemporalError where credentials are configured for a server that nothing names: the embedded one takes none. */
export function checkServerless({ apiKey, tls }: ClientConfigProfile): void {
  const isTls = tls !== undefined && tls.disabled !== true && Object.keys(tls).length > 0;
  if (apiKey === undefined && !isTls) return;
  throw new TemporalError(
    'an API key or TLS is configured for Temporal, and no server is named',
    'Set TEMPORAL_ADDRESS (address in a profile); for the embedded server leave the others out.',
  );
}

/** Throws TemporalError where a switch is neither on nor off: the library takes every other word for off. */
export function checkSwitches(env: Readonly<Record<string, string>>): void {
  for (const name of ['TEMPORAL_TLS', 'TEMPORAL_TLS_DISABLE_HOST_VERIFICATION']) {
    if (env[name] === undefined || /^(1|0|true|false)$/.test(env[name])) continue;
    throw new TemporalError(
      `${name} is neither true nor false`,
      `Set ${name} to true or false, or unset it.`,
    );
  }
}
