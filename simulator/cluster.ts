import { createFieldManagers } from './api/field-managers.ts';
import type { FieldManagers } from './api/field-managers.ts';
import { createAudit } from './audit.ts';
import type { AuditLog } from './audit.ts';
import { createAvailability } from './availability.ts';
import type { Availability } from './availability.ts';
import { createCommands } from './commands.ts';
import type { Commands } from './commands.ts';
import { startControllers } from './controllers/index.ts';
import { createRuntime } from './controllers/runtime.ts';
import type { Runtime } from './controllers/runtime.ts';
import { createFaults } from './faults.ts';
import type { Faults } from './faults.ts';
import { createIdentities } from './identities.ts';
import type { Identities } from './identities.ts';
import { createPodTroubles } from './pod-troubles.ts';
import type { PodTroubles } from './pod-troubles.ts';
import { Quotas } from './quotas.ts';
import { createRegistry } from './registry.ts';
import type { ImageRegistry } from './registry.ts';
import { createRequestLog } from './request-log.ts';
import type { RequestLog } from './request-log.ts';
import { createStore } from './store.ts';
import type { Store, Timing } from './types.ts';

export const DEFAULT_TIMING: Timing = { rolloutMs: 300, hookMs: 100, importMs: 50, terminationMs: 20 };

/** One simulated OpenShift cluster: its store, its controllers, who may do what in it, and what goes wrong. */
export interface Cluster {
  readonly name: string;
  readonly store: Store;
  /** May be changed while it runs. */
  readonly timing: Timing;
  readonly identities: Identities;
  readonly faults: Faults;
  readonly audit: AuditLog;
  /** Every mutation that reached the server, and what became of it. */
  readonly requestLog: RequestLog;
  readonly fieldManagers: FieldManagers;
  readonly availability: Availability;
  readonly registry: ImageRegistry;
  readonly quotas: Quotas;
  /** What becomes of pods, and what they have printed. */
  readonly podTroubles: PodTroubles;
  readonly runtime: Runtime;
  readonly commands: Commands;
  readonly options: ClusterOptions;
  /** Resolves when the controllers have nothing left to do. */
  settle(timeoutMs?: number): Promise<void>;
  stop(): void;
}

export interface ClusterOptions {
  readonly name: string;
  readonly timing?: Partial<Timing>;
  /** Whether a router admits routes; the recorded cluster had none. */
  readonly router: boolean;
  /**
   * How spec tags are imported: by `imagestreamimports`, as OpenShift's controller does (the default), or by
   * `imagestreammappings`, as the stand-in did that was there when the documented procedure was recorded.
   */
  readonly importer?: 'imports' | 'mappings';
  /** Default domain of generated hosts. */
  readonly appsDomain: string;
}

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
