import { homedir } from 'node:os';
import { join } from 'node:path';

/** What was downloaded or built: may be deleted at any time. */
export function cacheFolder(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'threescale-upgrade');
}

/** The embedded server's database and where it listens: upgrades that run live here. */
export function stateFolder(): string {
  return (
    process.env.THREESCALE_UPGRADE_HOME ||
    join(process.env.XDG_STATE_HOME || join(homedir(), '.local', 'state'), 'threescale-upgrade')
  );
}

/** The file of encryption keys, where payloads are encrypted. */
export function keyFile(): string | undefined {
  return process.env.THREESCALE_UPGRADE_KEY_FILE || undefined;
}

/** Temporal's own configuration file, for messages: as it is named, or as it is called where it is looked for. */
export function configurationFile(): string {
  return process.env.TEMPORAL_CONFIG_FILE || 'temporal.toml';
}
