import type { Listening } from '../http-listening.ts';
import { urlOf } from '../http-listening.ts';
import type { WorkerHealth } from '../worker/health.ts';
import { startHealthServer } from '../worker/health-server.ts';
import type { Io } from './io.ts';
import { listening } from './listening.ts';

/** As `--health-port` and `--health-host` say; undefined where nobody has asked for it. Throws CliError. */
export async function offerHealth(
  io: Io,
  health: WorkerHealth,
  { healthPort, healthHost = '127.0.0.1' }: { readonly healthPort?: number; readonly healthHost?: string },
): Promise<Listening | undefined> {
  if (healthPort === undefined) return undefined;
  const place = { host: healthHost, port: healthPort, flag: '--health-port' };
  const server = await listening(place, () => startHealthServer(health, healthHost, healthPort));
  io.err(`health: ${urlOf(healthHost, server.port)}/readyz, and /livez`);
  return server;
}
