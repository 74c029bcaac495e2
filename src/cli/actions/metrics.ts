import { Registry } from 'prom-client';
import { urlOf } from '../../http-listening.ts';
import { fleetMetrics } from '../../metrics/fleet.ts';
import { startMetricsServer } from '../../metrics/metrics-server.ts';
import { CliError } from '../cli-error.ts';
import { EXIT } from '../exit-codes.ts';
import { fleetSource } from '../fleet/measured.ts';
import type { Io } from '../io.ts';
import type { LogOptions } from '../json-lines.ts';
import { saying } from '../json-lines.ts';
import { listening } from '../listening.ts';
import { withLook } from '../tenant/with-look.ts';
import { onStop } from '../stop-signals.ts';

export interface MetricsFlags extends LogOptions {
  readonly port: number;
  readonly host: string;
}

/** `metrics`: what Temporal knows of its fleets, until it is told to stop. */
export async function exportMetrics(given: Io, { port, host, ...log }: MetricsFlags): Promise<void> {
  const { io } = await saying(given, log);
  await withLook(
    io,
    async (session) => {
      const registry = new Registry();
      fleetMetrics(registry, fleetSource(session));
      const place = { host, port, flag: '--port' };
      const server = await listening(place, () => startMetricsServer(registry, place));
      io.err(`metrics of fleets: ${urlOf(host, server.port)}/metrics, of Temporal ${session.target.address}`);
      let letGo: (() => void) | undefined;
      await new Promise<void>((resolve) => {
        letGo = onStop(resolve);
      });
      letGo?.();
      await server.close();
    },
    () => {
      throw new CliError('there is nothing to be measured: the embedded Temporal has never kept anything', {
        hint: 'Start an upgrade first, or name your own Temporal with TEMPORAL_ADDRESS.',
        exitCode: EXIT.refused,
      });
    },
  );
}
