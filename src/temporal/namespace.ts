import type { Client } from '@temporalio/client';
import { isGrpcServiceError } from '@temporalio/client';
import type { TemporalTarget } from './connection.ts';
import { explainTemporal, namespaceMissing } from './explain.ts';
import { TemporalError } from './temporal-error.ts';

const NOT_FOUND = 5;
const PERMISSION_DENIED = 7;
const UNAUTHENTICATED = 16;

/** Throws TemporalError where the namespace is not there, or does not let us in: nothing else would work either. */
export async function requireNamespace({ connection }: Client, target: TemporalTarget): Promise<void> {
  const { namespace, address } = target;
  try {
    await connection.workflowService.describeNamespace({ namespace });
  } catch (error) {
    if (!isGrpcServiceError(error)) throw explainTemporal(error, target) ?? error;
    const code: number = error.code;
    if (code === NOT_FOUND) throw namespaceMissing(namespace, address, error);
    if (code !== PERMISSION_DENIED && code !== UNAUTHENTICATED) throw explainTemporal(error, target) ?? error;
    throw new TemporalError(
      `the Temporal server ${address} does not let us into namespace ${namespace}: ${error.details}`,
      'See TEMPORAL_API_KEY, or the certificate (TEMPORAL_TLS_CLIENT_CERT_PATH), and what they may do.',
      { cause: error },
    );
  }
}
