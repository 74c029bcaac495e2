import { ApplicationFailure, CancellationScope, setHandler, patched } from '@temporalio/workflow';
import { applySpec, whyNotApplied } from '../../src/domain/fleet/spec/apply.ts';
import { Ledger } from '../../src/domain/fleet/ledger.ts';
import {
  refusalOfApproval,
  refusalOfChoice,
  refusalOfLimits,
  refusalOfRevert,
} from '../../src/domain/fleet/tenant/refusals.ts';
import type {
  ApplyMessage,
  FleetRevertMessage,
  RetryMessage,
  SetMessage,
  TenantChoice,
} from '../../src/domain/fleet/fleet-upgrade.ts';
import { approve } from '../../src/domain/fleet/rules/orders.ts';
import { limitsAfter } from '../../src/domain/fleet/rules/limits.ts';
import type { ReportMessage } from '../../src/domain/fleet/tenant/entry.ts';
import { isLive } from '../../src/domain/fleet/tenant/states.ts';
import { answerTo } from '../../src/domain/fleet/tenant/decide.ts';
import { happens } from '../../src/domain/fleet/tenant/happens.ts';
import { fleetProgress } from '../../src/domain/fleet/show/progress.ts';
import type { TenantFilter } from '../../src/domain/fleet/show/tenant-lines.ts';
import { tenantLines } from '../../src/domain/fleet/show/tenant-lines.ts';
import type { Actor } from '../../src/domain/tenant/tenant.ts';
import { actorOf } from '../../src/domain/tenant/tenant.ts';
import { answerQuery } from '../answers.ts';
import type { Fleet } from './fleet.ts';
import { retryTenants, revertTenants, skipTenants } from './decisions.ts';
import { letStrangerGoOn, takeUp } from './earlier-life.ts';
import { onAbort, onPause, onResume } from './stops.ts';
import { onDelivered, onReceivers } from './notify.ts';
import { catchUp, tellWord } from './tell.ts';
import { deliveredSignal } from '../notify/messages.ts';
import { FOLLOWS_RESETS } from '../patches.ts';
import {
  abortFleetSignal,
  applySpecUpdate,
  approveWaveUpdate,
  fleetProgressQuery,
  fleetSpecQuery,
  fleetTenantsQuery,
  pauseFleetSignal,
  reportSignal,
  resumeFleetSignal,
  retryTenantsUpdate,
  revertTenantsUpdate,
  setLimitsUpdate,
  skipTenantsUpdate,
} from './messages.ts';
import { known, signed } from '../known-actor.ts';

/** Registers every handler of a fleet; before the first await, so that messages sent before the start are heard. */
export function listen(fleet: Fleet): void {
  answerQuery(fleetProgressQuery, () => fleetProgress(fleet.ledger, Date.now()));
  answerQuery(fleetTenantsQuery, (filter?: TenantFilter) =>
    tenantLines(fleet.ledger.spec, fleet.ledger.state.entries, filter),
  );
  answerQuery(fleetSpecQuery, () => fleet.ledger.spec);
  setHandler(reportSignal, (message) => onReport(fleet, message));
  setHandler(deliveredSignal, (delivery) => {
    onDelivered(fleet, delivery);
  });
  setHandler(pauseFleetSignal, (message) => onPause(fleet, message));
  setHandler(resumeFleetSignal, (message) => onResume(fleet, message));
  setHandler(abortFleetSignal, (message) => onAbort(fleet, message, message.kind));
  void CancellationScope.current().cancelRequested.catch(() => {
    onAbort(fleet, { by: 'Temporal', why: 'the workflow was cancelled from outside' }, 'finish');
  });
  setHandler(
    approveWaveUpdate,
    ({ wave, ...message }) => {
      const { ledger } = fleet;
      approve(
        ledger,
        ledger.spec.waves.findIndex(({ name }) => name === wave),
        known(message),
        Date.now(),
      );
      fleet.touch();
      return wave;
    },
    refusing((message: Actor & { readonly wave: string }) => refusalOfApproval(fleet.ledger, message)),
  );
  setHandler(
    retryTenantsUpdate,
    (message) => retryTenants(fleet, signed(message)),
    refusing((message: RetryMessage) => refusalOfChoice(fleet.ledger, 'retry', message)),
  );
  setHandler(
    skipTenantsUpdate,
    (message) => skipTenants(fleet, signed(message)),
    refusing((message: Actor & TenantChoice) => refusalOfChoice(fleet.ledger, 'skip', message)),
  );
  setHandler(
    revertTenantsUpdate,
    (message) => revertTenants(fleet, signed(message)),
    refusing((message: FleetRevertMessage) => refusalOfRevert(fleet.ledger, message)),
  );
  setHandler(
    setLimitsUpdate,
    (message) => onSet(fleet, signed(message)),
    refusing((message: SetMessage) => refusalOfLimits(fleet.ledger, message)),
  );
  setHandler(
    applySpecUpdate,
    (message) => onApply(fleet, signed(message)),
    refusing(({ spec, base }: ApplyMessage) =>
      whyNotApplied(fleet.ledger.spec, fleet.ledger.state, spec, base),
    ),
  );
}

function onReport(fleet: Fleet, { tenant, runId, currentRunId, report }: ReportMessage): void {
  const index = fleet.ledger.indexOf(tenant);
  if (index === undefined) {
    if (report.kind === 'asking') letStrangerGoOn(fleet, tenant, currentRunId ?? runId);
    return;
  }
  if (!fleet.ledger.counts.entry(index) && report.kind !== 'ended') takeUp(fleet, index, runId);
  if (currentRunId !== undefined && patched(FOLLOWS_RESETS)) {
    // One that had ended is no more the fleet's business: it must not wait for a slot.
    const hasEnded = !isLive(fleet.ledger.counts.state(index));
    if (hasEnded && report.kind === 'asking') letStrangerGoOn(fleet, tenant, currentRunId);
    else if (happens(fleet.ledger, index, { kind: 'was-reset', runId, currentRunId }, Date.now()))
      catchUp(fleet, index);
  }
  happens(fleet.ledger, index, { kind: 'reported', runId, report }, Date.now());
  const entry = fleet.ledger.counts.entry(index);
  const answer = answerTo(report, entry);
  if (answer && entry?.unwanted) tellWord(fleet, index, answer, entry.unwanted);
  fleet.touch();
}

function onSet(fleet: Fleet, message: SetMessage): string {
  const { ledger } = fleet;
  const { changes, detail } = limitsAfter(ledger.spec, message);
  const { notify: before = [] } = ledger.spec;
  ledger.limit(changes);
  // One that is named again as it was is told again, too.
  const named = new Set(message.notify?.map(({ name }) => name));
  onReceivers(fleet, message.notify ? before.filter(({ name }) => !named.has(name)) : before);
  ledger.journal(Date.now(), 'settings-changed', message, detail);
  fleet.touch();
  return detail;
}

function onApply(fleet: Fleet, { spec, ...message }: ApplyMessage): string {
  const { ledger } = fleet;
  const { notify: before = [] } = ledger.spec;
  const applied = applySpec(ledger.spec, ledger.state, spec);
  const next = new Ledger(applied.spec, applied.state);
  next.adopt(ledger);
  next.journal(Date.now(), 'inventory-changed', actorOf(message), `${ledger.spec.hash} → ${spec.hash}`);
  fleet.ledger = next;
  onReceivers(fleet, before);
  fleet.touch();
  return spec.hash;
}

/** A validator in the words of a pure rule: a message without who and why is refused as well. */
function refusing<M extends Actor>(rule: (message: M) => string | undefined) {
  return {
    validator: (message: M) => {
      const { by, why }: Partial<Actor> = message;
      const isSigned = Boolean(by?.trim() && why?.trim());
      const reason = isSigned ? rule(message) : 'say who asks and why: --why "…"';
      if (reason !== undefined) throw ApplicationFailure.nonRetryable(reason, 'Refused');
    },
  };
}
