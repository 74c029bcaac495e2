import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type {
  ApplyMessage,
  FleetAnswer,
  FleetResult,
  FleetRevertMessage,
  RetryMessage,
  SetMessage,
  TenantChoice,
} from '../../src/domain/fleet/fleet-upgrade.ts';
import type { FleetSpec } from '../../src/domain/fleet/spec/spec.ts';
import type { EndingKind, ReportMessage } from '../../src/domain/fleet/tenant/entry.ts';
import type { FleetProgress } from '../../src/domain/fleet/show/progress.ts';
import type { TenantFilter, TenantLine } from '../../src/domain/fleet/show/tenant-lines.ts';
import type { Actor } from '../../src/domain/tenant/tenant.ts';

/** The messages of `fleetUpgrade`; kinds as in messages.ts. */

/** Nothing new starts, and what is under way stops before its next step; with `newOnly` it goes on. */
export const pauseFleetSignal = defineSignal<[Actor & { readonly newOnly?: boolean }]>('pause');
/** Ends a pause, and a halt; where a budget is still exceeded, the fleet halts again at once. */
export const resumeFleetSignal = defineSignal<[Actor]>('resume');
/** `finish`: what is under way ends as it should; `revert`: what can be undone is undone. Nothing new starts. */
export const abortFleetSignal = defineSignal<[Actor & { readonly kind: EndingKind }]>('abort');
/** From the tenants' own workflows. */
export const reportSignal = defineSignal<[ReportMessage]>('report');

export const approveWaveUpdate = defineUpdate<string, [Actor & { readonly wave: string }]>('approve');
export const retryTenantsUpdate = defineUpdate<FleetAnswer, [RetryMessage]>('retry');
export const skipTenantsUpdate = defineUpdate<FleetAnswer, [Actor & TenantChoice]>('skip');
export const revertTenantsUpdate = defineUpdate<FleetAnswer, [FleetRevertMessage]>('revert');
export const setLimitsUpdate = defineUpdate<string, [SetMessage]>('set');
/** Answers with the hash of the spec that is in force now. */
export const applySpecUpdate = defineUpdate<string, [ApplyMessage]>('apply');

export const fleetProgressQuery = defineQuery<FleetProgress>('progress');
export const fleetTenantsQuery = defineQuery<TenantLine[], [TenantFilter?]>('tenants');
export const fleetSpecQuery = defineQuery<FleetSpec>('spec');

/** As it would end now: for its report, right before it does. */
export const fleetResultQuery = defineQuery<FleetResult>('fleetResult');
