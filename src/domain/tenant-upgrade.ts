import type { ResolvedPath } from './step.ts';
import type { Actor, TenantRef } from './tenant.ts';
import type { WindowPolicy } from './window.ts';

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
}

/** How often a kind of failure is tried before it counts. An unreachable cluster is waited for without limit. */
export interface RetryLimits {
  /** 5xx, timeouts, conflicts that do not settle, throttling. */
  readonly transientAttempts: number;
  /** A rollout, a hook or an import that failed: the cluster tried and could not. */
  readonly outcomeAttempts: number;
}

export const DEFAULT_RETRY_LIMITS: RetryLimits = { transientAttempts: 10, outcomeAttempts: 2 };
