import { assertNever } from '../src/domain/assert-never.ts';
import { chosen } from '../src/domain/fleet/refusals.ts';
import type {
  FleetAnswer,
  FleetRevertMessage,
  RetryMessage,
  TenantChoice,
} from '../src/domain/fleet/fleet-upgrade.ts';
import { end, halt, retry, skip, takeBack, unwant, whyNotBack } from '../src/domain/fleet/orders.ts';
import { at, nameOfTenant } from '../src/domain/fleet/spec.ts';
import type { FleetTenantState } from '../src/domain/fleet/state.ts';
import type { Actor } from '../src/domain/tenant.ts';
import type { Fleet } from './fleet.ts';
import { letGoOn, tellTenants, undo } from './fleet-children.ts';
import { decideSignal } from './messages.ts';

/** What was done about one tenant; a sentence where nothing could be. */
type Outcome = 'done' | { readonly why: string };

/** Those that failed, or were left out, again; a held one is told to try its step again. */
export function retryTenants(fleet: Fleet, message: RetryMessage): FleetAnswer {
  const { book } = fleet;
  const { by, why, newPlan = false, all = false } = message;
  const answer = forEach(fleet, message, (index, state) => {
    switch (state) {
      case 'held':
      case 'unreachable':
        tellTenants(fleet, [index], (tenant) => tenant.signal(decideSignal, { by, why, decision: 'retry' }));
        book.told.set(index, Date.now());
        return 'done';
      case 'queued':
      case 'reverted':
      case 'blocked':
      case 'lost':
      case 'aborted':
      case 'abandoned':
        retry(book, index, Date.now(), newPlan);
        return 'done';
      case 'skipped':
      case 'rolled-back':
        // Somebody wanted these so: they come again only when they are named.
        if (all) return { why: `${state}; name it to start it again` };
        retry(book, index, Date.now(), newPlan);
        return 'done';
      case 'pending':
        return { why: 'it has not been started: its turn comes' };
      case 'running':
      case 'parked':
      case 'asking':
        return { why: `it is under way (${state})` };
      case 'upgraded':
        return { why: 'it is upgraded' };
      default:
        return assertNever(state);
    }
  });
  note(fleet, 'retried', message, answer);
  return answer;
}

export function skipTenants(fleet: Fleet, message: Actor & TenantChoice): FleetAnswer {
  const answer = forEach(fleet, message, (index, state, name) => {
    switch (state) {
      case 'pending':
      case 'queued':
      case 'reverted':
      case 'blocked':
      case 'lost':
        skip(fleet.book, index, Date.now());
        return 'done';
      case 'held':
      case 'unreachable':
        return {
          why: `it is ${state}, half way: revert it, or abandon it with: threescale-upgrade abandon (${name})`,
        };
      case 'running':
      case 'parked':
      case 'asking':
        return { why: `it is under way (${state})` };
      case 'upgraded':
      case 'skipped':
      case 'aborted':
      case 'abandoned':
      case 'rolled-back':
        return { why: `it is ${state} already` };
      default:
        return assertNever(state);
    }
  });
  note(fleet, 'skipped', message, answer);
  return answer;
}

/** In reverse order: what came last goes back first. A wave or a fleet that goes back starts nothing new. */
export function revertTenants(fleet: Fleet, message: FleetRevertMessage): FleetAnswer {
  const { book } = fleet;
  const { by, why, all, wave } = message;
  if (all && !book.head.ending) {
    const { paused } = book.head;
    end(book, 'revert', { by, why }, Date.now());
    if (paused && !paused.newOnly) letGoOn(fleet, { by, why });
  } else if (wave !== undefined && !book.head.ending)
    halt(book, `wave ${wave} is taken back`, Date.now(), { by, why });
  const answer = forEach(fleet, message, (index, state) => {
    switch (state) {
      case 'running':
      case 'parked':
      case 'asking':
        if (book.tally.entry(index)?.takingBack) return { why: 'it is being taken back already' };
        unwant(book, index, { by, why });
        undo(fleet, index, { by, why });
        return 'done';
      case 'held':
      case 'unreachable':
        unwant(book, index, { by, why });
        decideToRevert(fleet, index, { by, why });
        return 'done';
      case 'pending':
      case 'queued':
        skip(book, index, Date.now());
        return 'done';
      case 'upgraded':
      case 'lost':
      case 'reverted':
      case 'blocked':
      case 'skipped':
      case 'aborted':
      case 'abandoned':
      case 'rolled-back': {
        const nothing = whyNotBack(book.tally.entry(index));
        if (nothing !== undefined) return { why: nothing };
        takeBack(book, index, message, Date.now());
        return 'done';
      }
      default:
        return assertNever(state);
    }
  });
  note(fleet, 'reverting', message, answer);
  return answer;
}

/** It was wanted back while it was under way, and is past the point of no return: the word for that was given. */
export function onHeld(fleet: Fleet, index: number): void {
  const wanted = fleet.book.tally.entry(index)?.unwanted;
  if (wanted) decideToRevert(fleet, index, wanted);
}

function decideToRevert(fleet: Fleet, index: number, { by, why }: Actor): void {
  tellTenants(fleet, [index], (tenant, { namespace }) =>
    tenant.signal(decideSignal, { by, why, decision: 'revert', confirm: namespace }),
  );
  fleet.book.told.set(index, Date.now());
}

function forEach(
  fleet: Fleet,
  choice: TenantChoice,
  decide: (index: number, state: FleetTenantState, name: string) => Outcome,
): FleetAnswer {
  const { spec, tally } = fleet.book;
  const done: string[] = [];
  const refused: { tenant: string; why: string }[] = [];
  for (const index of chosen(fleet.book, choice).reverse()) {
    const name = nameOfTenant(spec, at(spec.tenants, index));
    const outcome = decide(index, tally.state(index), name);
    if (outcome === 'done') done.push(name);
    else if (choice.tenants) refused.push({ tenant: name, why: outcome.why });
  }
  fleet.touch();
  return { done: done.reverse(), refused: refused.reverse() };
}

/** The journal names a few: all that was done stands on the tenants. */
function note(
  fleet: Fleet,
  event: 'retried' | 'skipped' | 'reverting',
  actor: Actor,
  { done }: FleetAnswer,
): void {
  const names = done.slice(0, 5).join(', ');
  const detail = done.length > 5 ? `${names} and ${done.length - 5} more` : names || 'nobody';
  fleet.book.journal(Date.now(), event, actor, detail);
}
