import { Client, Connection } from '@temporalio/client';
import { loadClientConfigProfile, loadClientConnectConfig } from '@temporalio/envconfig';
import type { DataConverter } from '@temporalio/common';
import type { ClientConnectConfig } from '@temporalio/envconfig';
import { checkHeaders, unusableConfiguration } from './configuration-error.ts';
import { createDataConverter } from './data-converter.ts';
import type { Say } from './dev-server-executable.ts';
import type { DevServer } from './dev-server.ts';
import { ensureDevServer } from './dev-server.ts';
import { EncryptionError } from './encryption-error.ts';
import { EncryptionKeys } from './encryption-keys.ts';
import { keyFile } from './folders.ts';
import { TemporalError } from './temporal-error.ts';

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
    if (loadClientConfigProfile().address === undefined) return undefined;
    const { connectionOptions, namespace = 'default' } = loadClientConnectConfig();
    checkHeaders(connectionOptions);
    const { address = '' } = connectionOptions;
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

/** How values travel with these keys. */
export function travelBy(keys: EncryptionKeys): Pick<TemporalTarget, 'dataConverter' | 'encryptsWith'> {
  return { dataConverter: createDataConverter(keys), encryptsWith: keys.current?.id };
}

export interface TemporalClient {
  readonly client: Client;
  close(): Promise<void>;
}

/** Throws TemporalError where the server does not answer or refuses. */
export async function connectClient(target: TemporalTarget): Promise<TemporalClient> {
  try {
    const connection = await Connection.connect({
      ...target.connectionOptions,
      connectTimeout: CONNECTS_WITHIN_MS,
    });
    const { namespace, dataConverter } = target;
    const client = new Client({ connection, namespace, dataConverter });
    return { client, close: () => connection.close() };
  } catch (error) {
    throw new TemporalError(
      `the Temporal server ${target.address} cannot be reached: ${messageOf(error)}`,
      target.embedded
        ? 'Start it anew with: threescale-upgrade dev'
        : 'See TEMPORAL_ADDRESS, TEMPORAL_PROFILE, and the server itself.',
      { cause: error },
    );
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
