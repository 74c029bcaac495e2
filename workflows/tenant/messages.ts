import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { Decision, TenantProgress } from '../../src/domain/tenant/progress.ts';
import type { DecisionMessage } from '../../src/domain/tenant/decisions.ts';
import type { Actor } from '../../src/domain/tenant/tenant.ts';

/**
 * The messages of `tenantUpgrade`. Control that must never be lost is a signal (kept while no worker runs); a decision
 * that can be wrong is an update, refused with a reason by its validator; looking is a query.
 */

/** `of` is the workflow id of the fleet that pauses all of its tenants: its resume ends only its own pause. */
export interface PauseMessage extends Actor {
  readonly of?: string;
}

/** `late` says what an abort means after the point of no return: the tenant is held (default), or finished. */
export interface AbortMessage extends Actor {
  readonly late?: 'hold' | 'finish';
}

/** Stops before the next step; what runs is finished. Pausing twice keeps the first. */
export const pauseSignal = defineSignal<[PauseMessage]>('pause');
export const resumeSignal = defineSignal<[PauseMessage]>('resume');
/** Before the point of no return: undoes what was staged. After it: holds, and asks. */
export const abortSignal = defineSignal<[AbortMessage]>('abort');

/** From its fleet: there is a slot, go on. With what the fleet has measured meanwhile. */
export const admitSignal =
  defineSignal<[{ readonly switchMinutes: number; readonly rollbackMinutes: number }]>('admit');

/** A decision of an operator about many, or about one by its fleet. */
export interface FleetDecision extends DecisionMessage {
  readonly decision: Decision;
}

/** From its fleet, a decision for many: one that cannot be taken as things stand is not. */
export const decideSignal = defineSignal<[FleetDecision]>('decide');

/** `step` must name the held step: so that nobody decides about something they have not seen. */
export interface StepDecision extends Actor {
  readonly step?: string;
}

/** `confirm` must be the tenant's namespace after the point of no return: 2.3 on a migrated database is unsupported. */
export interface RevertDecision extends Actor {
  readonly confirm?: string;
}

/** Each update answers with the decision it took. */
export const retryUpdate = defineUpdate<Decision, [StepDecision]>('retry');
export const skipStepUpdate = defineUpdate<Decision, [StepDecision & { readonly step: string }]>('skip-step');
export const revertUpdate = defineUpdate<Decision, [RevertDecision]>('revert');
/** Ends the upgrade as it stands, and says what it leaves. */
export const abandonUpdate = defineUpdate<Decision, [Actor]>('abandon');

export const progressQuery = defineQuery<TenantProgress>('progress');
/** As it will have ended: for its report, right before it does. */
export const reportQuery = defineQuery<TenantProgress>('report');
