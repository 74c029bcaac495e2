import { ApplicationFailure, CancellationScope, setHandler, patched } from '@temporalio/workflow';
import { applySpec, whyNotApplied } from '../../src/domain/fleet/spec/apply.ts';
import { Book } from '../../src/domain/fleet/ledger.ts';
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
import { catchUp, tellWord } from './tell.ts';
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
  answerQuery(fleetProgressQuery, () => fleetProgress(fleet.book, Date.now()));
  answerQuery(fleetTenantsQuery, (filter?: TenantFilter) =>
    tenantLines(fleet.book.spec, fleet.book.state.entries, filter),
  );
  answerQuery(fleetSpecQuery, () => fleet.book.spec);
  setHandler(reportSignal, (message) => onReport(fleet, message));
  setHandler(pauseFleetSignal, (message) => onPause(fleet, message));
  setHandler(resumeFleetSignal, (message) => onResume(fleet, message));
  setHandler(abortFleetSignal, (message) => onAbort(fleet, message, message.kind));
  void CancellationScope.current().cancelRequested.catch(() => {
    onAbort(fleet, { by: 'Temporal', why: 'the workflow was cancelled from outside' }, 'finish');
  });
  setHandler(
    approveWaveUpdate,
    ({ wave, ...message }) => {
      const { book } = fleet;
      approve(
        book,
        book.spec.waves.findIndex(({ name }) => name === wave),
        known(message),
        Date.now(),
      );
      fleet.touch();
      return wave;
    },
    refusing((message: Actor & { readonly wave: string }) => refusalOfApproval(fleet.book, message)),
  );
  setHandler(
    retryTenantsUpdate,
    (message) => retryTenants(fleet, signed(message)),
    refusing((message: RetryMessage) => refusalOfChoice(fleet.book, 'retry', message)),
  );
  setHandler(
    skipTenantsUpdate,
    (message) => skipTenants(fleet, signed(message)),
    refusing((message: Actor & TenantChoice) => refusalOfChoice(fleet.book, 'skip', message)),
  );
  setHandler(
    revertTenantsUpdate,
    (message) => revertTenants(fleet, signed(message)),
    refusing((message: FleetRevertMessage) => refusalOfRevert(fleet.book, message)),
  );
  setHandler(
    setLimitsUpdate,
    (message) => onSet(fleet, signed(message)),
    refusing((message: SetMessage) => refusalOfLimits(fleet.book, message)),
  );
  setHandler(
    applySpecUpdate,
    (message) => onApply(fleet, signed(message)),
    refusing(({ spec, base }: ApplyMessage) => whyNotApplied(fleet.book.spec, fleet.book.state, spec, base)),
  );
}

function onReport(fleet: Fleet, { tenant, runId, currentRunId, report }: ReportMessage): void {
  const index = fleet.book.indexOf(tenant);
  if (index === undefined) {
    if (report.kind === 'asking') letStrangerGoOn(fleet, tenant, currentRunId ?? runId);
    return;
  }
  if (!fleet.book.tally.entry(index) && report.kind !== 'ended') takeUp(fleet, index, runId);
  if (currentRunId !== undefined && patched(FOLLOWS_RESETS)) {
    // One that had ended is no more the fleet's business: it must not wait for a slot.
    const hasEnded = !isLive(fleet.book.tally.state(index));
    if (hasEnded && report.kind === 'asking') letStrangerGoOn(fleet, tenant, currentRunId);
    else if (happens(fleet.book, index, { kind: 'was-reset', runId, currentRunId }, Date.now()))
      catchUp(fleet, index);
  }
  happens(fleet.book, index, { kind: 'reported', runId, report }, Date.now());
  const entry = fleet.book.tally.entry(index);
  const answer = answerTo(report, entry);
  if (answer && entry?.unwanted) tellWord(fleet, index, answer, entry.unwanted);
  fleet.touch();
}

function onSet(fleet: Fleet, message: SetMessage): string {
  const { book } = fleet;
  const { changes, detail } = limitsAfter(book.spec, message);
  book.limit(changes);
  book.journal(Date.now(), 'settings-changed', message, detail);
  fleet.touch();
  return detail;
}

function onApply(fleet: Fleet, { spec, ...message }: ApplyMessage): string {
  const { book } = fleet;
  const applied = applySpec(book.spec, book.state, spec);
  const next = new Book(applied.spec, applied.state);
  next.adopt(book);
  next.journal(Date.now(), 'inventory-changed', actorOf(message), `${book.spec.hash} → ${spec.hash}`);
  fleet.book = next;
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
