import type { FinalState, StepFailure } from '../../tenant/progress.ts';
import type { Actor } from '../../tenant/tenant.ts';
import type { Told } from '../tell/told.ts';
import type { FleetTenantState } from './states.ts';
import { NOT_STARTED } from './states.ts';

/** One tenant in a fleet's memory. */
export interface TenantEntry {
  readonly state: FleetTenantState;
  /** Since when, ms. */
  readonly sinceMs: number;
  /** How many runs were started. */
  readonly attempts: number;
  /** Of the newest run. */
  readonly runId?: string;
  /** The run that took its place when it was reset, to which everything is said now. */
  readonly currentRunId?: string;
  /** When the newest run was started, ms. */
  readonly startedMs?: number;
  /** Id of the run whose backup is there still. */
  readonly backupOf?: string;
  /** Why it is held, reverted, blocked, unreachable or lost; message and hint are cut. */
  readonly failure?: StepFailure;
  /** Not before this moment, ms: a later try, or another look at somebody else's upgrade. */
  readonly notBeforeMs?: number;
  /** Tries that the fleet has made by itself after a revert. */
  readonly retried?: number;
  /** An operator wants it started, also while the fleet halts. */
  readonly urgent?: boolean;
  /** To be taken back, or being taken back, by this operator's word; `from`: it was lost before. */
  readonly takingBack?: Actor & { readonly from?: 'lost' };
  /** Under way when this operator wanted it taken back: where it ends upgraded all the same, it is taken back then. */
  readonly unwanted?: Actor;
  /** Started, or to be started, with the plan of a later file than its first. */
  readonly newPlan?: boolean;
  /** Paused, and nothing of it runs. */
  readonly stopped?: boolean;
  /** It waits for a slot only to undo what it did. */
  readonly reverting?: boolean;
  /** Which of its run's asks for a slot it waits with, and which was granted. */
  readonly ask?: number | undefined;
  readonly admitted?: number | undefined;
  /** How often in a row its start met somebody else's upgrade. */
  readonly refusals?: number | undefined;
  /** How many windows in a row closed over what was only staged. */
  readonly closed?: number;
}

/** What a change leaves out is as it was; undefined, or false, takes it away. */
export type EntryChange = { readonly [K in keyof TenantEntry]?: TenantEntry[K] | undefined };

export function changed(entry: TenantEntry, changes: EntryChange): TenantEntry {
  const kept = Object.entries({ ...entry, ...changes }).filter(
    ([, value]) => value !== undefined && value !== false,
  );
  return Object.fromEntries(kept) as unknown as TenantEntry;
}

/** Of one that was never started nothing is remembered. */
export const stateOf = (entry: TenantEntry | null): FleetTenantState => entry?.state ?? NOT_STARTED;

export interface WaveEntry {
  readonly startedMs?: number;
  readonly doneMs?: number;
  readonly approved?: Actor & { readonly atMs: number };
}

/** Why nothing new starts until somebody has looked. */
export interface Halt {
  readonly sinceMs: number;
  readonly why: string;
}

/** What an abort means for those under way. */
export type EndingKind = 'finish' | 'revert';

export interface FleetJournalEntry {
  readonly at: string;
  readonly event:
    | 'started'
    | 'wave-started'
    | 'wave-done'
    | 'paused'
    | 'stopped'
    | 'resumed'
    | 'halted'
    | 'approved'
    | 'retried'
    | 'skipped'
    | 'reverting'
    | 'abort-requested'
    | 'settings-changed'
    | 'inventory-changed'
    | 'measures-dropped'
    | 'receiver-disabled'
    | 'ended';
  readonly actor?: Actor;
  readonly detail?: string;
}

/** Measured in this fleet, newest last, ms each. */
export interface Measures {
  readonly stageMs: readonly number[];
  readonly switchMs: readonly number[];
  readonly rollbackMs: readonly number[];
}

/** Everything a fleet's workflow takes along when it continues as new. */
export interface FleetState {
  readonly startedAt: string;
  readonly startedBy: Actor;
  /** One for each tenant of the spec; null: pending, never started. */
  readonly entries: readonly (TenantEntry | null)[];
  readonly waves: readonly WaveEntry[];
  readonly paused?: Actor & { readonly since: string; readonly newOnly?: boolean };
  /** When everything under way had stopped. */
  readonly stoppedAt?: string;
  readonly halted?: Halt;
  readonly ending?: Actor & { readonly kind: EndingKind; readonly atMs: number };
  readonly measures: Measures;
  /** What people were told; absent: nothing. */
  readonly told?: Told;
  readonly journal: readonly FleetJournalEntry[];
  /** How often it has continued as new. */
  readonly runs: number;
}

/** What a tenant's workflow tells its fleet. */
export type TenantReport =
  | { readonly kind: 'parked'; readonly opensAtMs: number }
  | { readonly kind: 'held'; readonly failure: StepFailure }
  | { readonly kind: 'unreachable'; readonly failure: StepFailure }
  /** Wants a slot to go on; `reverting`: only to undo what it did; `ask`: the same where it asks for the same again. */
  | { readonly kind: 'asking'; readonly reverting: boolean; readonly ask?: number }
  /** Paused, and nothing of it runs any more. */
  | { readonly kind: 'stopped' }
  /** No longer so. */
  | { readonly kind: 'going' }
  | {
      readonly kind: 'ended';
      readonly state: FinalState;
      /** It was reverted for its window only: that is no failure. */
      readonly windowClosed?: boolean;
      readonly backedUp: boolean;
      /** Of one that was to be taken back: nothing of it was undone. */
      readonly untouched?: boolean;
      readonly failure?: StepFailure;
      readonly measured?: Measured;
    };

/** How long a tenant took that nobody and nothing held up, ms. */
export interface Measured {
  readonly stageMs?: number;
  readonly switchMs?: number;
  readonly rollbackMs?: number;
}

/** A report as it travels; those of another run than the fleet's are of the past. */
export interface ReportMessage {
  readonly tenant: string;
  /** As the fleet started it, or took it up. */
  readonly runId: string;
  /** Where it was reset since: the run that says so. */
  readonly currentRunId?: string;
  readonly report: TenantReport;
}

/** What a tenant's workflow knows of its fleet. */
export interface FleetLink {
  readonly workflowId: string;
}
