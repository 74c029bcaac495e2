import type { Receiver } from '../notify/receivers.ts';
import type { Actor } from '../tenant/tenant.ts';
import type { FailureBudget, FleetSpec } from './spec/spec.ts';
import type { FleetState } from './tenant/entry.ts';
import type { FleetProgress } from './show/progress.ts';
import type { TenantLine } from './show/tenant-lines.ts';

/** Input of the workflow `fleetUpgrade`. */
export interface FleetUpgradeInput {
  readonly spec: FleetSpec;
  readonly startedBy: Actor;
  /** The server knows our search attributes: tenants carry them. */
  readonly visible: boolean;
  /** It knows ThreescaleClusterName too, which came later than fleets that run. */
  readonly namesClusters?: boolean;
  /** Carried over by continue-as-new, or from a fleet that has ended and whose failed tenants are tried again. */
  readonly state?: FleetState;
  /** Carried over by continue-as-new: when tenants were looked at last, ms. */
  readonly lookedMs?: number;
  /** Events of history after which it continues as new. */
  readonly continueAfter?: number;
}

/** Result of the workflow `fleetUpgrade`; `spec` and `state` are what a later retry goes on from. */
export interface FleetResult {
  readonly progress: FleetProgress;
  readonly tenants: readonly TenantLine[];
  readonly spec: FleetSpec;
  readonly state: FleetState;
}

/** Which tenants a message is about. */
export interface TenantChoice {
  /** Names, `context/namespace` or `cluster/namespace`. */
  readonly tenants?: readonly string[];
  /** All of a wave. */
  readonly wave?: string;
  /** The whole fleet; for `retry`: all that failed. */
  readonly all?: boolean;
}

/** Tries again those that failed, are held, blocked, lost or were skipped, with the plan they were started with. */
export interface RetryMessage extends Actor, TenantChoice {
  /** Takes the plan of the file in force instead. */
  readonly newPlan?: boolean;
}

/** `confirm` must be the fleet's name: what was upgraded goes back to the old version on a migrated database. */
export interface FleetRevertMessage extends Actor, TenantChoice {
  readonly confirm?: string;
}

/** New limits; absent ones stay. With `wave` they are that wave's. */
export interface SetMessage extends Actor {
  readonly wave?: string;
  readonly maxConcurrent?: number;
  readonly maxConcurrentPerCluster?: number;
  readonly failureBudget?: Partial<FailureBudget>;
  /** Told from now on, in the place of those of the same names; empty: nobody is told any more. */
  readonly notify?: readonly Receiver[];
}

/** `base` is the hash of the spec that the difference was shown against: it must still be in force. */
export interface ApplyMessage extends Actor {
  readonly base: string;
  readonly spec: FleetSpec;
}

/** What a message did: names of the tenants it was about, and of those it was not for, with the reason. */
export interface FleetAnswer {
  readonly done: readonly string[];
  readonly refused: readonly { readonly tenant: string; readonly why: string }[];
}
