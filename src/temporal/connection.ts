import { Client, Connection } from '@temporalio/client';
import { loadClientConfigProfile, loadClientConnectConfig } from '@temporalio/envconfig';
import type { ClientConnectConfig } from '@temporalio/envconfig';
import { dataConverter } from './data-converter.ts';
import type { Say } from './dev-server-executable.ts';
import { ensureDevServer } from './dev-server.ts';
import { TemporalError } from './temporal-error.ts';

/** Which Temporal this is: the user's own, by the ecosystem's configuration, or the embedded one. */
export interface TemporalTarget {
  readonly embedded: boolean;
  readonly address: string;
  readonly namespace: string;
  readonly connectionOptions: ClientConnectConfig['connectionOptions'];
}

const CONNECTS_WITHIN_MS = 10_000;

/**
 * TEMPORAL_ADDRESS, or a profile of Temporal's own configuration file (TEMPORAL_PROFILE), with their namespace, TLS and
 * API key; where neither names a server, the embedded one, which is started if need be. Throws TemporalError.
 */
export async function findTemporal(
  say: Say,
  options: { readonly uiPort?: number } = {},
): Promise<TemporalTarget> {
  const configured = readConfiguration();
  if (configured) return configured;
  const { address } = await ensureDevServer(say, options);
  return { embedded: true, address, namespace: 'default', connectionOptions: { address } };
}

/** Undefined where nothing is configured. */
export function readConfiguration(): TemporalTarget | undefined {
  try {
    if (loadClientConfigProfile().address === undefined) return undefined;
    const { connectionOptions, namespace = 'default' } = loadClientConnectConfig();
    const { address = '' } = connectionOptions;
    return { embedded: false, address, namespace, connectionOptions };
  } catch (error) {
    throw new TemporalError(
      `Temporal’s configuration cannot be read: ${messageOf(error)}`,
      'See TEMPORAL_CONFIG_FILE, TEMPORAL_PROFILE and TEMPORAL_ADDRESS: https://docs.temporal.io/develop/environment-configuration',
      { cause: error },
    );
  }
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
    const client = new Client({ connection, namespace: target.namespace, dataConverter });
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
