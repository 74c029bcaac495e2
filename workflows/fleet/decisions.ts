import { assertNever } from '../../src/domain/text/assert-never.ts';
import { command, WHY } from '../../src/domain/tenant/decisions.ts';
import { decideEach, namedIn } from '../../src/domain/fleet/tenant/decide-each.ts';
import type {
  FleetAnswer,
  FleetRevertMessage,
  RetryMessage,
  TenantChoice,
} from '../../src/domain/fleet/fleet-upgrade.ts';
import {
  end,
  halt,
  leave,
  retry,
  skip,
  takeBack,
  unwant,
  want,
  whyNotBack,
} from '../../src/domain/fleet/rules/orders.ts';
import { at } from '../../src/domain/fleet/spec/spec.ts';
import type { Actor } from '../../src/domain/tenant/tenant.ts';
import { actorOf } from '../../src/domain/tenant/tenant.ts';
import type { Fleet } from './fleet.ts';
import { goBack, letGoOn, tryAgain, undo } from './tell.ts';

/** Those that failed, or were left out, again; a held one is told to try its step again. */
export function retryTenants(fleet: Fleet, message: RetryMessage): FleetAnswer {
  const { book } = fleet;
  const { newPlan = false, all = false } = message;
  const actor = actorOf(message);
  const answer = forEach(fleet, message, (index, state) => {
    switch (state) {
      case 'held':
      case 'unreachable':
        want(book, index);
        tryAgain(fleet, index, actor);
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
  const answer = forEach(fleet, message, (index, state) => {
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
          why: `it is ${state}, half way: revert it, or abandon it with: ${abandonCommand(fleet, index)}`,
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

function abandonCommand({ book: { spec } }: Fleet, index: number): string {
  const { cluster, namespace } = at(spec.tenants, index);
  return command({ ...at(spec.clusters, cluster), namespace }, 'abandon', WHY);
}

/** In reverse order: what came last goes back first. A wave or a fleet that goes back starts nothing new. */
export function revertTenants(fleet: Fleet, message: FleetRevertMessage): FleetAnswer {
  const { book } = fleet;
  const { all, wave } = message;
  const actor = actorOf(message);
  if (all && !book.head.ending) {
    const { paused } = book.head;
    end(book, 'revert', actor, Date.now());
    if (paused && !paused.newOnly) letGoOn(fleet, actor);
  } else if (wave !== undefined && !book.head.ending)
    halt(book, `wave ${wave} is taken back`, Date.now(), actor);
  const answer = forEach(fleet, message, (index, state) => {
    switch (state) {
      case 'running':
      case 'parked':
      case 'asking':
        if (book.tally.entry(index)?.takingBack) return { why: 'it is being taken back already' };
        unwant(book, index, actor);
        undo(fleet, index, actor);
        return 'done';
      case 'held':
      case 'unreachable':
        unwant(book, index, actor);
        goBack(fleet, index, actor);
        return 'done';
      case 'pending':
      case 'queued':
        if (book.tally.entry(index)?.takingBack) return { why: 'it is being taken back already' };
        skip(book, index, Date.now());
        return 'done';
      case 'reverted':
        // Its next try would upgrade it.
        return leave(book, index) ? 'done' : { why: 'it is reverted: this fleet has nothing to take back' };
      case 'upgraded':
      case 'lost':
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
  if (wanted) goBack(fleet, index, wanted);
}

function forEach(fleet: Fleet, choice: TenantChoice, decide: Parameters<typeof decideEach>[2]): FleetAnswer {
  const answer = decideEach(fleet.book, choice, decide);
  fleet.touch();
  return answer;
}

function note(
  fleet: Fleet,
  event: 'retried' | 'skipped' | 'reverting',
  actor: Actor,
  answer: FleetAnswer,
): void {
  fleet.book.journal(Date.now(), event, actor, namedIn(answer));
}
