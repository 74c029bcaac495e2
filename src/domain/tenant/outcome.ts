/** What stands before a revert. */
export type RevertBegin =
  /**
   * `untouched`: nothing of the path is done, and nothing is paused by us. `ran`: the steps, by id, of which the cluster
   * says that their command has run, which nothing undoes.
   */
  | { readonly status: 'begun'; readonly untouched?: boolean; readonly ran?: readonly string[] }
  /** There is no backup: nothing was done, or all of it has been undone already. What others have left is told. */
  | { readonly status: 'nothing-to-undo'; readonly left?: readonly string[] }
  /** Nothing was turned: a person has to say that it is to be taken back past the point of no return. */
  | { readonly status: 'crossed'; readonly why: string };

/** What an upgrade that is not under way any more has left of itself. */
export interface LeftByAnother {
  /** A line each, with the name of what is left. */
  readonly lines: readonly string[];
  /** Name of the Secret that holds the backup of what was there before. */
  readonly backup?: string;
  /** The cluster shows that the point of no return is crossed, by this. */
  readonly crossed?: string;
}

export interface PathIdentity {
  readonly from: string;
  readonly to: string;
}

export interface StepOutcome {
  readonly status: 'done' | 'unchanged' | 'absent';
  /** One line for people; never a value read from the cluster. */
  readonly note?: string;
  /** Found in the cluster: the point of no return is crossed. One line that says by what. */
  readonly crossed?: string;
  /** The upgrade's claim is taken off. */
  readonly unclaimed?: true;
  /** The attempt that succeeded, from 1. */
  readonly attempts: number;
  /**
   * On the way something was to be created, or deleted by its name, and nobody has heard whether it was: it may still be,
   * once the name is free, or taken anew.
   */
  readonly unsure?: boolean;
}

/** What the closing comparison found. */
export interface Comparison {
  /** What is not as the backup has it, an object and field each; never a value. */
  readonly differences: readonly string[];
  /** Some of it may be what the upgrade sent, and took effect late; absent: so it may. */
  readonly mayBeOurs?: boolean;
}

/** A revert may find that there is nothing (left) to undo: `unchanged`. */
export type RevertOutcome = StepOutcome;
