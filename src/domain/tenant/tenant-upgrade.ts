import type { FleetLink } from '../fleet/tenant/entry.ts';
import type { Receiver } from '../notify/receivers.ts';
import type { ResolvedPath } from './step.ts';
import type { Actor, TenantRef } from './tenant.ts';
import type { OnClose, WindowPolicy } from '../windows/policy.ts';

/** What to do with a step that failed for good before the point of no return; after it the tenant is always held. */
export type FailurePolicy = 'revert' | 'hold';

/** Input of the workflow `tenantUpgrade`. No credential and no value read from a cluster may ever be in it. */
export interface TenantUpgradeInput {
  readonly tenant: TenantRef;
  /** Kept as started, whatever later releases of the tool make of the path. */
  readonly path: ResolvedPath;
  readonly windows: WindowPolicy;
  readonly onFailure: FailurePolicy;
  readonly startedBy: Actor;
  readonly retries: RetryLimits;
  /** When its window closes under way; default `finish-step`. */
  readonly onClose?: OnClose;
  /** The fleet it belongs to: it is told how this goes, and gives the slots in which this may work. */
  readonly fleet?: FleetLink;
  /** False: where something fails, the end of no log is told. Absent: it is, redacted. */
  readonly logs?: boolean;
  /** Whose workers alone reach the cluster; absent: every worker does. */
  readonly site?: string;
  /** The server knows the tool's search attributes: this one carries them. */
  readonly visible?: boolean;
  /** Run id of an earlier try that ended half way: its backup holds what was there before, and serves this one too. */
  readonly backupOf?: string;
  /** Who is told of it; absent: nobody. Of a fleet's tenants the fleet tells. */
  readonly notify?: readonly Receiver[];
  /** Take back an upgrade that has ended, from the backup that it left. */
  readonly takeBack?: { readonly backup: string };
}

/** How often a kind of failure is tried before it counts. */
export interface RetryLimits {
  /** 5xx, timeouts, conflicts that do not settle, throttling. */
  readonly transientAttempts: number;
  /** A rollout, a hook or an import that failed: the cluster tried and could not. */
  readonly outcomeAttempts: number;
  /** A cluster that does not answer; absent: it is waited for without limit. */
  readonly unreachableAttempts?: number;
  /**
   * For how many seconds a write whose answer was lost may still take effect; default 65: an API server lets go of a
   * request after a minute (its --request-timeout). A revert waits for that before it says that all is as it was.
   */
  readonly lateWriteSeconds?: number;
}

export const DEFAULT_RETRY_LIMITS: RetryLimits = { transientAttempts: 10, outcomeAttempts: 2 };

/** In a fleet a cluster that does not answer for some minutes gives its tenants' slots back: they try again later. */
export const FLEET_RETRY_LIMITS: RetryLimits = { ...DEFAULT_RETRY_LIMITS, unreachableAttempts: 8 };
