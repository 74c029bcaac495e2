import type { UpgradeSeen } from '../src/domain/fleet/tenant/seen.ts';
import type { WindowAnswer, WindowPolicy } from '../src/domain/windows/policy.ts';

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
