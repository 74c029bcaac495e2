import type { Client } from '@temporalio/client';
import { SEARCH_ATTRIBUTES } from '../domain/search-attributes.ts';
import type { Say } from './dev-server-executable.ts';

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
