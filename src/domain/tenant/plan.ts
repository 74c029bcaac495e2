/**
 * A plan says what an upgrade would change, step by step, from what the cluster holds now. Values read from env or
 * Secrets never stand in it: `REDACTED` does.
 */
export const REDACTED = '(redacted)';

/** One field that a step would change. `before` undefined: added; `after` undefined: removed. */
export interface FieldChange {
  /** `route/system-master`, `dc/system-app`. */
  readonly object: string;
  /** `spec.template.spec.containers[system-app].env[AMP_RELEASE]`; empty for the whole object. */
  readonly path: string;
  readonly before?: string;
  readonly after?: string;
}

/** What a look at the cluster says about one step. */
export interface StepInspection {
  /**
   * `todo`: something is missing; `done`: all is as the step wants it; `absent`: an optional object is not there;
   * `blocked`: it cannot be done as things are (`note` says why).
   */
  readonly status: 'todo' | 'done' | 'absent' | 'blocked';
  readonly changes: readonly FieldChange[];
  readonly note?: string;
}

export interface PlannedStep extends StepInspection {
  readonly id: string;
  readonly title: string;
  readonly guide: string;
}

export interface TenantPlan {
  readonly context: string;
  readonly cluster: string;
  readonly namespace: string;
  readonly from: string;
  readonly to: string;
  readonly pathHash: string;
  readonly steps: readonly PlannedStep[];
  /** Things the upgrade leaves as they are and an operator may want to know. */
  readonly notes: readonly string[];
}

export function planHasChanges(plan: TenantPlan): boolean {
  return plan.steps.some((step) => step.status === 'todo' && step.changes.length > 0);
}
