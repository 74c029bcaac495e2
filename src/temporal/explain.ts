import { NamespaceNotFoundError } from '@temporalio/common';
import { TemporalError } from './temporal-error.ts';
import type { TemporalTarget } from './connection.ts';

/** Names of what the SDK throws where Temporal is away, or does not want us; they come from packages of their own. */
const AWAY = ['TransportError', 'ServiceError', 'GrpcError'];

/** What the SDK throws of Temporal itself, as a person is told of it; undefined where it is something else. */
export function explainTemporal(
  error: unknown,
  { address, namespace, embedded }: Pick<TemporalTarget, 'address' | 'namespace' | 'embedded'>,
): TemporalError | undefined {
  if (error instanceof TemporalError) return error;
  if (!(error instanceof Error)) return undefined;
  if (error instanceof NamespaceNotFoundError || error.message.includes('NamespaceNotFoundFailure'))
    return namespaceMissing(namespace, address, error);
  if (!isAway(error)) return undefined;
  return new TemporalError(
    `the Temporal server ${address} cannot be worked with: ${reasonOf(error)}`,
    embedded
      ? 'Start it anew with: threescale-upgrade dev'
      : 'See TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, TEMPORAL_PROFILE and the credentials, and the server itself.',
    { cause: error, mayPass: true },
  );
}

/** True for what the SDK throws where nobody answers, or a server that is not quite there yet. */
export function isAway(error: unknown): boolean {
  return error instanceof Error && AWAY.includes(error.name);
}

/** `address`: where it was looked for. */
export function namespaceMissing(
  namespace: string,
  address: string | undefined,
  cause: unknown,
): TemporalError {
  return new TemporalError(
    `the Temporal server ${address === undefined ? '' : `${address} `}has no namespace ${namespace}`,
    `Name one that is there with TEMPORAL_NAMESPACE, or make it: temporal operator namespace create --namespace ${namespace}`,
    { cause, mayPass: true },
  );
}

/** The SDK's core writes its own structures down: what the server said, or the system, is in their midst. */
export function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const { groups } = /(?:kind: (?<kind>\w+), )?message: "(?<said>[^"]+)"/.exec(message) ?? {};
  return groups?.['said'] ?? message;
}
