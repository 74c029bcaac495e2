import type { Registry } from 'prom-client';
import { Gauge } from 'prom-client';
import type { FleetSeen } from './fleet-values.ts';
import { FLEET_VALUES } from './fleet-values.ts';

/** What is known of Temporal and its fleets at one moment. */
export interface FleetsSeen {
  /** False: Temporal does not answer, and nothing is known of its fleets. */
  readonly temporal: boolean;
  readonly fleets: readonly FleetSeen[];
}

/** Looks once. Whoever is asked often may be asked for less: see `LASTS_MS`. */
export type FleetSource = () => Promise<FleetsSeen>;

/** Fleets have no more to do where somebody asks for metrics more often. */
const LASTS_MS = 10_000;

/**
 * Registers what `source` knows of fleets: asked when metrics are asked for, and not more often than every ten seconds. It names
 * fleets and waves, and no tenant. Where `source` rejects, so does asking for metrics.
 */
export function fleetMetrics(registry: Registry, source: FleetSource): void {
  const look = lasting(source);
  const registers = [registry];
  new Gauge({
    name: 'threescale_upgrade_temporal_answers',
    help: '1: Temporal answers; 0: it does not, and nothing is known of its fleets.',
    registers,
    async collect() {
      this.set((await look()).temporal ? 1 : 0);
    },
  });
  for (const { name, help, labels, values } of FLEET_VALUES) {
    new Gauge({
      name: `threescale_upgrade_fleet_${name}`,
      help,
      labelNames: ['fleet', ...labels],
      registers,
      async collect() {
        const { fleets } = await look();
        this.reset();
        const nowMs = Date.now();
        for (const fleet of fleets)
          for (const [value, more] of values(fleet, nowMs)) this.set({ fleet: fleet.name, ...more }, value);
      },
    });
  }
}

/** Everybody who asks meanwhile has the same answer. */
function lasting(source: FleetSource): FleetSource {
  let last: Promise<FleetsSeen> | undefined;
  let atMs = -Infinity;
  return () => {
    if (!last || performance.now() - atMs >= LASTS_MS) {
      atMs = performance.now();
      last = source();
    }
    return last;
  };
}
