import type { FinalState, StepFailure } from '../../src/domain/tenant/progress.ts';
import type { Step } from '../../src/domain/tenant/step-kinds.ts';
import type { Control } from './control.ts';
import type { FleetPermit } from '../fleet/permit.ts';
import type { Gate } from './gate.ts';
import type { TenantTelling } from './notify.ts';
import type { ProgressKeeper } from './progress.ts';
import type { StepContext } from './step-activities.ts';

/** One tenant's upgrade while it runs: what its parts share. */
export interface Upgrade extends Omit<StepContext, 'backup' | 'progress'> {
  readonly progress: ProgressKeeper;
  readonly control: Control;
  readonly gate: Gate;
  /** Steps that may have left something behind, in the order in which they were begun: registered before the act. */
  readonly compensations: Step[];
  /** The name that the backup Secret has, or would have: that of an upgrade that was left, where it is taken up. */
  backup: string;
  /** The cluster says that this upgrade is under way. */
  claimed: boolean;
  /** It began with a release that makes fewer events of what every upgrade comes to. */
  readonly fewerEvents: boolean;
  /** An operator has skipped the comparison with the backup: nobody knows what stands paused. */
  notCompared: boolean;
  /** Until when something that was sent may still take effect: in milliseconds, 0 where all is answered. */
  unsureUntilMs: number;
  /** What may take effect late is more than the creation of an object. */
  mayChangeLate: boolean;
  /** True from the moment before the backup is made: from then on there is something to take back. */
  backedUp: boolean;
  /** On the way back: DeploymentConfigs that were rolled out and run the new version still. */
  rolled: Set<string>;
  /** How often in all its cluster has not answered for so long that it gave its slot back. */
  unreachableTries: number;
  /** Found half upgraded, and nobody knows what was there before: its backup cannot make that undone. */
  foundHalfWay: boolean;
  /** Absent: it belongs to no fleet, and needs nobody's leave. */
  readonly permit: FleetPermit | undefined;
  /** Absent: nobody is to be told. */
  readonly telling: TenantTelling | undefined;
}

/** How a part of the upgrade ends it; `undefined` in its place means: go on with the next part. */
export type Ending = FinalState | Reversal;

/** Take everything back, for a reason that the journal tells. */
export interface Reversal {
  readonly revertBecause: string;
  /** Where it is because something failed. */
  readonly failure?: StepFailure;
}
