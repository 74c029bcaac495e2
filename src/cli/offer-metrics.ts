import { urlOf } from '../http-listening.ts';
import type { WorkerMetrics } from '../metrics/worker-metrics.ts';
import type { TemporalClient, TemporalTarget } from '../temporal/connection.ts';
import { connectClient } from '../temporal/connection.ts';
import { freePort } from '../temporal/dev-server/ports.ts';
import type { Io } from './io.ts';
import { listening } from './listening.ts';

export interface MetricsOptions {
  readonly metricsPort?: number;
  readonly metricsHost?: string;
}

/** Metrics that are to be had over HTTP. */
export interface OfferedMetrics extends WorkerMetrics {
  /** Where the SDK is to tell its own, which are told on with ours. */
  readonly metricsAt: string;
  /** Tells of the fleets of this Temporal too. */
  withFleets(io: Io, target: TemporalTarget): Promise<void>;
  close(): Promise<void>;
}

/** As `--metrics-port` and `--metrics-host` say; undefined where nobody has asked for them. Throws CliError. */
export async function offerMetrics(
  io: Io,
  { metricsPort, metricsHost = '127.0.0.1' }: MetricsOptions,
): Promise<OfferedMetrics | undefined> {
  if (metricsPort === undefined) return undefined;
  const [{ measureWorker }, { startMetricsServer }] = await Promise.all([
    import('../metrics/worker-metrics.ts'),
    import('../metrics/metrics-server.ts'),
  ]);
  const metricsAt = `127.0.0.1:${await freePort()}`;
  const metrics = measureWorker();
  const place = { host: metricsHost, port: metricsPort, flag: '--metrics-port' };
  const server = await listening(place, () =>
    startMetricsServer(metrics.registry, { ...place, alsoOf: metricsAt }),
  );
  io.err(`metrics: ${urlOf(metricsHost, server.port)}/metrics`);
  let client: TemporalClient | undefined;
  return {
    ...metrics,
    metricsAt,
    withFleets: async (io, target) => {
      const [{ fleetMetrics }, { fleetSource }] = await Promise.all([
        import('../metrics/fleet.ts'),
        import('./fleet/measured.ts'),
      ]);
      client = await connectClient(target);
      fleetMetrics(metrics.registry, fleetSource({ io, target, client: client.client }));
    },
    close: async () => {
      metrics.end();
      await server.close();
      await client?.close();
    },
  };
}
