import type { FieldManagers } from './api/field-managers.ts';
import type { AuditLog } from './audit.ts';
import type { Availability } from './availability.ts';
import type { Commands } from './commands.ts';
import type { Runtime } from './controllers/runtime.ts';
import type { Faults } from './faults.ts';
import type { Identities } from './identities.ts';
import type { PodTroubles } from './pod-troubles.ts';
import type { Quotas } from './quotas.ts';
import type { ImageRegistry } from './registry.ts';
import type { RequestLog } from './request-log.ts';
import type { Store, Timing } from './types.ts';

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
