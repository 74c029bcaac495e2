import type { TenantReport } from '../src/domain/fleet/tenant/entry.ts';
import type { WindowAnswer, WindowPolicy } from '../src/domain/windows/policy.ts';

/** A tenant's newest workflow, as Temporal knows it. */
export type UpgradeSeen = { readonly workflowId: string } & (
  | { readonly status: 'none' }
  /** `runId`: as it was started; `currentRunId`: where it was reset since. */
  | ({ readonly runId: string; readonly currentRunId?: string; readonly fleet?: string } &
      /** Known where it was asked. `isEnding`: it has said how it ended, and closes in a moment. */
      (
        | {
            readonly status: 'running';
            readonly isAnswered?: boolean;
            readonly report?: TenantReport;
            readonly isEnding?: boolean;
          }
        | { readonly status: 'ended'; readonly report: TenantReport }
        /** Terminated, timed out, or failed: it said nothing. */
        | { readonly status: 'ended-from-outside'; readonly how: string }
      ))
);

/** What the fleet's workflow asks of the outside world. All read only. */
export interface FleetActivities {
  /** One answer for each policy, in their order; as `findWindow` of a tenant. */
  findWindows(input: {
    readonly policies: readonly WindowPolicy[];
    readonly neededMs: number;
    readonly atMs: number;
  }): Promise<WindowAnswer[]>;
  /**
   * How the newest runs of these workflows stand: what a lost report would have said. With `ask` those that run are
   * asked what they are at.
   */
  lookAtUpgrades(input: {
    readonly workflowIds: readonly string[];
    readonly ask: boolean;
  }): Promise<UpgradeSeen[]>;
}
