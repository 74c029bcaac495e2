import type { PreflightReport } from './finding.ts';
import type { TenantPlan } from './plan.ts';
import type { ResolvedPath } from './step.ts';
import type { FailurePolicy } from './tenant-upgrade.ts';
import type { WindowAnswer, WindowPolicy } from '../windows/policy.ts';
import { neededForSwitchMs } from '../windows/policy.ts';
import { findWindow } from '../windows/find-window.ts';
import type { UpgradeChoices } from './written-plan.ts';
import { stepsOf } from './step.ts';

/** What will happen once an upgrade is started: what a person agrees to. */
export interface Outlook {
  /** As it was found. */
  readonly version?: string;
  /** DeploymentConfigs that roll, once each, in their order. */
  readonly rollouts: readonly string[];
  /** Absent where the path has none. */
  readonly pointOfNoReturn?: {
    readonly step: string;
    readonly deploymentConfig: string;
    /** False: that has nothing to roll, so that nothing is crossed. */
    readonly ahead: boolean;
  };
  readonly onFailure: FailurePolicy;
  readonly windows: WindowPolicy;
  /** Whether there is room for the switch and its rollback now, or when. */
  readonly window: WindowAnswer;
}

export function outlookOf({
  report,
  plan,
  path,
  choices: { windows, onFailure },
  nowMs,
}: {
  readonly report: PreflightReport;
  readonly plan: TenantPlan;
  readonly path: ResolvedPath;
  readonly choices: UpgradeChoices;
  readonly nowMs: number;
}): Outlook {
  const todo = new Set(plan.steps.filter(({ status }) => status === 'todo').map(({ id }) => id));
  const rollouts = stepsOf(path.steps, 'roll-out');
  const crossing = rollouts.find(({ pointOfNoReturn }) => pointOfNoReturn);
  return {
    ...(report.version === undefined ? {} : { version: report.version }),
    rollouts: rollouts.filter(({ id }) => todo.has(id)).map(({ deploymentConfig }) => deploymentConfig),
    ...(crossing
      ? {
          pointOfNoReturn: {
            step: crossing.id,
            deploymentConfig: crossing.deploymentConfig,
            ahead: todo.has(crossing.id),
          },
        }
      : {}),
    onFailure,
    windows,
    window: findWindow(windows, neededForSwitchMs(windows), nowMs),
  };
}
