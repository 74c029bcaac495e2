import type { Delivery } from '../notify/delivery.ts';
import type { FailureEvidence } from './failure-evidence.ts';
import type { FailureType } from './failure.ts';
import type { CheckName, Finding } from './finding.ts';
import type { ReportKept } from './report-kept.ts';
import type { Actor, TenantRef } from './tenant.ts';

/** Where one tenant's upgrade stands (docs/architecture.md, "Stage, then switch"). */
export type TenantState =
  | 'waiting'
  | 'checking'
  | 'backing-up'
  | 'staging'
  | 'staged'
  | 'switching'
  | 'verifying'
  | 'upgraded'
  | 'held'
  | 'reverting'
  | 'reverted'
  | 'blocked'
  | 'aborted'
  | 'abandoned';

/** States an upgrade ends in; its workflow is closed then. */
export const FINAL_STATES = ['upgraded', 'reverted', 'blocked', 'aborted', 'abandoned'] as const;
export type FinalState = (typeof FINAL_STATES)[number];

export function isFinal(state: TenantState): state is FinalState {
  return (FINAL_STATES as readonly TenantState[]).includes(state);
}

export type StepStatus =
  | 'pending'
  | 'running'
  | 'done'
  /** Found done already: nothing was written. */
  | 'unchanged'
  /** An optional object is not there. */
  | 'absent'
  | 'failed'
  | 'skipped'
  | 'reverting'
  | 'reverted'
  /** Its compensation was refused or skipped: still as the upgrade left it. */
  | 'not-reverted';

export interface StepProgress {
  readonly id: string;
  readonly title: string;
  readonly guide: string;
  readonly status: StepStatus;
  /** Of the way there: when it was begun last, and how that ended. */
  readonly startedAt?: string;
  readonly endedAt?: string;
  /** How often the activity was tried on the way there, over all retries and decisions. */
  readonly attempts: number;
  /** The way back, where there was one. */
  readonly undo?: StepUndo;
  /** What was done, in one line; never a value read from the cluster. */
  readonly note?: string;
  readonly failure?: StepFailure;
}

/** How a step was taken back: its own times and attempts, which say nothing of the way there. */
export interface StepUndo {
  readonly startedAt?: string;
  readonly endedAt?: string;
  readonly attempts: number;
  /** What was done, in one line. */
  readonly note?: string;
}

/** How a step failed, as people and programs read it. */
export interface StepFailure {
  /** The kind of failure; or, of one that a check stands against, the name of the check. Both are in docs/runbook.md. */
  readonly type: FailureType | CheckName;
  readonly message: string;
  /** What to do, ends with a command to type where there is one. */
  readonly hint?: string;
  /** What the cluster shows of it; absent where there is none, and in upgrades of earlier releases. */
  readonly evidence?: FailureEvidence;
}

/** What an operator may decide about a held tenant. */
export type Decision = 'retry' | 'skip-step' | 'revert' | 'abandon';

/** A held tenant, and what it needs. */
export interface HeldStatus {
  readonly stepId: string;
  readonly during: 'checking' | 'upgrade' | 'revert';
  readonly since: string;
  readonly failure: StepFailure;
  readonly decisions: readonly Decision[];
  /** DeploymentConfigs that stand paused while it is held: they roll nothing until it goes on. */
  readonly pausedDeploymentConfigs: readonly string[];
  /** Held on the way back: DeploymentConfigs that were rolled out, and run the new version still. */
  readonly rolledDeploymentConfigs?: readonly string[];
}

export interface JournalEntry {
  readonly at: string;
  readonly event:
    | 'started'
    | 'paused'
    | 'resumed'
    | 'abort-requested'
    | 'decided'
    | 'window-closed'
    | 'window-opened'
    | 'held'
    | 'point-of-no-return'
    /** What may have been crossed is not, as the cluster shows. */
    | 'not-crossed'
    | 'reverting'
    | 'ended';
  readonly actor?: Actor;
  /** One line. */
  readonly detail?: string;
}

export interface StateEntry {
  readonly state: TenantState;
  readonly at: string;
}

/** The answer of the progress query, and the result of the workflow: the report is rendered from it. */
export interface TenantProgress {
  readonly tenant: TenantRef;
  readonly from: string;
  readonly to: string;
  readonly pathHash: string;
  readonly state: TenantState;
  readonly startedAt: string;
  readonly endedAt?: string;
  readonly steps: readonly StepProgress[];
  readonly findings: readonly Finding[];
  /** Known: found in the cluster, or the roll-out that crosses it has returned. */
  readonly pastPointOfNoReturn: boolean;
  /** What crosses it is under way, or has failed without a word: nobody has looked yet whether it is crossed. */
  readonly mayBePastPointOfNoReturn?: boolean;
  /** Set while an operator's pause is in force. */
  readonly paused?: Actor & { readonly since: string; readonly of?: string };
  /** Set while a window is awaited: when it opens. */
  readonly opensAt?: string;
  readonly held?: HeldStatus;
  /** Set where it is taken back only because its window closed while it was staged: no failure, it comes again. */
  readonly windowClosed?: boolean;
  /** What has turned it back, where something failed. */
  readonly revertedFor?: StepFailure;
  /** Name of the backup Secret in the tenant's namespace, once it is there. */
  readonly backupSecret?: string;
  /** What an operator should know of the end state, such as DeploymentConfigs left paused. */
  readonly leftovers: readonly string[];
  readonly journal: readonly JournalEntry[];
  /** Every state it was in, and since when; absent where a worker of an earlier release answers. */
  readonly states?: readonly StateEntry[];
  /** Where its report was kept as it ended; absent while it runs, and in upgrades of earlier releases. */
  readonly reportKept?: ReportKept;
  /** What became of the newest messages about it, at each receiver; absent where nobody was told. */
  readonly told?: readonly Delivery[];
}
