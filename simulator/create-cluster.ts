import { createFieldManagers } from './api/field-managers.ts';
import { createAudit } from './audit.ts';
import { createAvailability } from './availability.ts';
import { createCommands } from './commands.ts';
import { startControllers } from './controllers/index.ts';
import { createRuntime } from './controllers/runtime.ts';
import { createFaults } from './faults.ts';
import { createIdentities } from './identities.ts';
import { createPodTroubles } from './pod-troubles.ts';
import { Quotas } from './quotas.ts';
import { createRegistry } from './registry.ts';
import { createRequestLog } from './request-log.ts';
import { createStore } from './store.ts';
import type { Cluster, ClusterOptions } from './cluster.ts';
import type { Timing } from './types.ts';

const DEFAULT_TIMING: Timing = { rolloutMs: 300, hookMs: 100, importMs: 50, terminationMs: 20 };

/** With its controllers at work. */
export function createCluster(options: ClusterOptions): Cluster {
  const audit = createAudit();
  const fieldManagers = createFieldManagers();
  const store = createStore((event, writer) => {
    audit.observe(event, writer);
    fieldManagers.observe(event, writer);
  });
  const runtime = createRuntime();
  const cluster: Cluster = {
    name: options.name,
    options,
    store,
    timing: { ...DEFAULT_TIMING, ...options.timing },
    identities: createIdentities(store),
    faults: createFaults(),
    audit,
    requestLog: createRequestLog(),
    fieldManagers,
    availability: createAvailability(store),
    registry: createRegistry(),
    quotas: new Quotas(store),
    podTroubles: createPodTroubles(),
    runtime,
    commands: createCommands(),
    settle: (timeoutMs = 30_000) => runtime.settle(timeoutMs),
    stop: () => {
      runtime.stop();
    },
  };
  startControllers(cluster);
  return cluster;
}
