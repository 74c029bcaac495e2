import { readConfiguration } from './connection.ts';
import { runningDevServer } from './dev-server/dev-server.ts';

/** A Temporal is configured, or the embedded one runs: it can be asked without anything being started. */
export async function temporalIsThere(): Promise<boolean> {
  return readConfiguration() !== undefined || (await runningDevServer()) !== undefined;
}
