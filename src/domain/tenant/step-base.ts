/** `stage` is without effect on the running service; `switch` rolls pods; `finish` removes what the new version no longer needs. */
export type Phase = 'stage' | 'switch' | 'finish';

/** What every step says of itself, whatever its kind. */
export interface StepBase {
  /** Unique in its path; what an operator types after `skip-step`. */
  readonly id: string;
  /** One line, as the procedure would say it; the activity's summary in Temporal's UI. */
  readonly title: string;
  readonly phase: Phase;
  /** Where the guide documents it ("1", "2", … "9", "1.3"), or `tool` where the step is ours. */
  readonly guide: string;
  /** True where an installation may rightly lack the object; then there is nothing to do. */
  readonly optional?: boolean;
  /** False where the upgrade makes no sense without it. Default true. */
  readonly skippable?: boolean;
}

/** The activity that acts on a step of a kind. Its name stands in histories, and never changes. */
export interface Call {
  readonly activity: string;
  /** `writes`: a few guarded writes, and an import; `pods`: waits for pods; `command`: runs one, whose length nobody knows. */
  readonly takes: 'writes' | 'pods' | 'command';
}

/** What a workflow has to know of a kind of step. What it does to a cluster is in `src/procedure/steps/<kind>.ts`. */
export interface KindOfStep {
  readonly apply: Call;
  /** Absent: no activity takes it back. `tellsWhatIsLeft`: what it notes is listed with what the upgrade leaves. */
  readonly revert?: Call & { readonly tellsWhatIsLeft?: true };
  /**
   * What a revert can do. `exactly`: all is as it was; `by-compensation`: an object is made again, with another uid;
   * `never`: it is told that it cannot be undone; `nothing`: it changes nothing.
   */
  readonly undoes: 'exactly' | 'by-compensation' | 'never' | 'nothing';
  /** It creates an object of its own, guarded by its name alone, and changes nothing else. */
  readonly creates?: true;
}
