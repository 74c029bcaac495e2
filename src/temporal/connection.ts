import { setTimeout as sleep } from 'node:timers/promises';
import type { ClientOptions, ConnectionOptions } from '@temporalio/client';
import { Client, Connection } from '@temporalio/client';
import { loadClientConfigProfile, toClientOptions } from '@temporalio/envconfig';
import type { DataConverter } from '@temporalio/common';
import type { ClientConfigProfile, ClientConnectConfig } from '@temporalio/envconfig';
import {
  checkCertificate,
  checkHeaders,
  checkKeyIsHidden,
  checkServerless,
  checkSwitches,
  unusableConfiguration,
} from './configuration-error.ts';
import { createDataConverter } from './codec/data-converter.ts';
import type { Say } from './dev-server/dev-server-executable.ts';
import type { DevServer } from './dev-server/dev-server.ts';
import { ensureDevServer } from './dev-server/dev-server.ts';
import { EncryptionError } from './codec/encryption-error.ts';
import { EncryptionKeys } from './codec/encryption-keys.ts';
import { temporalEnvironment } from './environment.ts';
import { keyFile } from './dev-server/folders.ts';
import type { Difference } from './other-than-configured.ts';
import { otherThanConfigured, refusedByProxy } from './other-than-configured.ts';
import { currentTracing } from '../tracing/current.ts';
import { TemporalError } from './temporal-error.ts';
import { clientWay } from './way.ts';

/** Which Temporal this is: the user's own, by the ecosystem's configuration, or the embedded one. */
export interface TemporalTarget {
  readonly embedded: boolean;
  /** The embedded server as it was found or started. */
  readonly server?: DevServer;
  readonly address: string;
  readonly namespace: string;
  readonly connectionOptions: ClientConnectConfig['connectionOptions'];
  /** How values travel to it: with the keys of this process, where it has any. */
  readonly dataConverter: DataConverter;
  /** Id of the key that new payloads are encrypted with; undefined where they are not. */
  readonly encryptsWith: string | undefined;
}

const CONNECTS_WITHIN_MS = 10_000;
/** What has not come about by then is looked into. */
const LOOKS_AFTER_MS = 1_500;

/**
 * TEMPORAL_ADDRESS, or a profile of Temporal's own configuration file (TEMPORAL_PROFILE), with their namespace, TLS and
 * API key; where neither names a server, the embedded one, which is started if need be. Throws TemporalError, or
 * EncryptionError where the keys cannot be used.
 */
export async function findTemporal(
  say: Say,
  options: { readonly uiPort?: number } = {},
): Promise<TemporalTarget> {
  const configured = readConfiguration();
  if (configured) return configured;
  const values = travelBy(new EncryptionKeys(keyFile()));
  const server = await ensureDevServer(say, options);
  const { address } = server;
  return { embedded: true, server, address, namespace: 'default', connectionOptions: { address }, ...values };
}

/** Undefined where nothing is configured. */
export function readConfiguration(): TemporalTarget | undefined {
  try {
    const overrideEnvVars = temporalEnvironment();
    checkSwitches(overrideEnvVars);
    const profile = withoutEmpty(loadClientConfigProfile({ overrideEnvVars }));
    const { address } = profile;
    if (address === undefined) {
      checkServerless(profile);
      return undefined;
    }
    const { connectionOptions, namespace = 'default' } = toClientOptions(profile);
    checkKeyIsHidden(connectionOptions);
    checkHeaders(connectionOptions);
    checkCertificate(profile);
    return {
      embedded: false,
      address,
      namespace,
      connectionOptions,
      ...travelBy(new EncryptionKeys(keyFile())),
    };
  } catch (error) {
    if (error instanceof EncryptionError) throw error;
    throw unusableConfiguration(error);
  }
}

/** In the file as in the environment. */
const withoutEmpty = (profile: ClientConfigProfile): ClientConfigProfile =>
  Object.fromEntries(Object.entries(profile).filter(([, value]) => value !== ''));

/** How values travel with these keys. */
export function travelBy(keys: EncryptionKeys): Pick<TemporalTarget, 'dataConverter' | 'encryptsWith'> {
  return { dataConverter: createDataConverter(keys), encryptsWith: keys.current?.id };
}

export interface TemporalClient {
  readonly client: Client;
  close(): Promise<void>;
}

/**
 * Throws TemporalError where the server does not answer or refuses, or differs from what is configured. `onCall` is told the name
 * of each call that is made: `QueryWorkflow`.
 */
export async function connectClient(
  target: TemporalTarget,
  onCall?: (method: string) => void,
): Promise<TemporalClient> {
  const { namespace, dataConverter, connectionOptions } = target;
  // The library would try again and again, and write a line of its own each time.
  const refused = await refusedByProxy(connectionOptions);
  if (refused) throw unreachable(target, refused);
  const way = clientWay(connectionOptions);
  const connection = Connection.lazy({
    ...way,
    ...(onCall ? { interceptors: [...(way.interceptors ?? []), countedBy(onCall)] } : {}),
    connectTimeout: CONNECTS_WITHIN_MS,
  });
  const over = new AbortController();
  try {
    const different = await Promise.race([
      connection.ensureConnected().then(() => undefined),
      differenceOf(target, over.signal),
    ]);
    if (different) throw unreachable(target, different);
    const client = new Client({ connection, namespace, dataConverter, ...interceptors() });
    return { client, close: () => connection.close() };
  } catch (error) {
    await connection.close();
    throw error instanceof TemporalError ? error : unreachable(target, undefined, error);
  } finally {
    over.abort();
  }
}

/** Sees each try of a call. */
function countedBy(onCall: (method: string) => void): NonNullable<ConnectionOptions['interceptors']>[number] {
  return (options, nextCall) => {
    onCall(options.method_definition.path.split('/').at(-1) ?? '');
    return nextCall(options) as ReturnType<NonNullable<ConnectionOptions['interceptors']>[number]>;
  };
}

function interceptors(): Pick<ClientOptions, 'interceptors'> {
  const tracing = currentTracing();
  return tracing ? { interceptors: { workflow: [tracing.clientInterceptor] } } : {};
}

/** The library tries until its time is over, also where that is vain. Never resolves where there is no difference. */
async function differenceOf({ connectionOptions }: TemporalTarget, signal: AbortSignal): Promise<Difference> {
  await sleep(LOOKS_AFTER_MS, undefined, { signal, ref: false }).catch(() => undefined);
  const different = signal.aborted ? undefined : await otherThanConfigured(connectionOptions);
  return different ?? new Promise(() => undefined);
}

function unreachable(
  { address, embedded }: TemporalTarget,
  difference: Difference | undefined,
  cause?: unknown,
): TemporalError {
  const hint = embedded
    ? 'Start it anew with: threescale-upgrade dev'
    : 'See TEMPORAL_ADDRESS, TEMPORAL_PROFILE, and the server itself.';
  const found = difference ?? { why: `cannot be reached: ${messageOf(cause)}`, hint };
  // What differs from the configuration stays so.
  const mayPass = difference === undefined;
  return new TemporalError(`the Temporal server ${address} ${found.why}`, found.hint, { cause, mayPass });
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
