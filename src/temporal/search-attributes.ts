import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { isGrpcServiceError, ServiceError } from '@temporalio/client';
import { SEARCH_ATTRIBUTES } from '../domain/tenant/search-attributes.ts';
import type { Say } from './dev-server/dev-server-executable.ts';

/** INVALID_ARGUMENT of gRPC. */
const INVALID_ARGUMENT = 3;
/** What a server says of an attribute that it has not read yet (namespace.go and validator.go of go.temporal.io/server). */
const NOT_READ_YET = /no mapping defined for search attribute|search attribute \S+ is not defined/i;
const TRY_EVERY_MS = 500;
const TRY_FOR_MS = 60_000;

/** INDEXED_VALUE_TYPE_KEYWORD of Temporal's API. */
const KEYWORD = 2;

/**
 * Registers the tool's search attributes where the server lacks them. False, and says so, where it does not let us: then
 * upgrades run without, and only Temporal's own lists find them less well. Idempotent.
 */
export async function ensureSearchAttributes(client: Client, say: Say): Promise<boolean> {
  const { namespace } = client.options;
  const { operatorService } = client.connection;
  try {
    const { customAttributes = {} } = await operatorService.listSearchAttributes({ namespace });
    const missing = SEARCH_ATTRIBUTES.filter((name) => !(name in (customAttributes ?? {})));
    if (missing.length === 0) return true;
    await operatorService.addSearchAttributes({
      namespace,
      searchAttributes: Object.fromEntries(missing.map((name) => [name, KEYWORD])),
    });
    return true;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const names = SEARCH_ATTRIBUTES.map((name) => `--name ${name} --type Keyword`).join(' ');
    say(
      `Temporal does not take our search attributes (${why}): upgrades run without them. ` +
        `To have them: temporal operator search-attribute create --namespace ${namespace} ${names}`,
    );
    return false;
  }
}

/**
 * Starts what bears search attributes. Each of a server's parts reads what a namespace knows once in a while, and refuses until
 * then what bears an attribute that somebody has registered a moment ago: it is tried again, for a minute.
 */
export async function onceAttributesAreRead<T>(start: () => Promise<T>): Promise<T> {
  for (let waitedMs = 0; ; waitedMs += TRY_EVERY_MS) {
    try {
      return await start();
    } catch (error) {
      if (!isNotReadYet(error) || waitedMs >= TRY_FOR_MS) throw error;
      await pause(TRY_EVERY_MS);
    }
  }
}

function isNotReadYet(error: unknown): boolean {
  if (!(error instanceof ServiceError) || !isGrpcServiceError(error.cause)) return false;
  const { code, details } = error.cause;
  return (code as number) === INVALID_ARGUMENT && NOT_READ_YET.test(details);
}
