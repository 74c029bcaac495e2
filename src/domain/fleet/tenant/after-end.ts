import { assertNever } from '../../text/assert-never.ts';
import { Book } from '../ledger.ts';
import { decideEach, namedIn } from './decide-each.ts';
import type { FleetAnswer, FleetRevertMessage, RetryMessage } from '../fleet-upgrade.ts';
import { retry, takeBack, whyNotBack } from '../rules/orders.ts';
import { refusalOfChoice, refusalOfRevert } from './refusals.ts';
import type { FleetSpec } from '../spec/spec.ts';
import type { FleetState } from './entry.ts';
import type { FleetTenantState } from './states.ts';

/** What a new run of a fleet that has ended goes on from; or why there is none. */
export type AfterEnd =
  { readonly state: FleetState; readonly answer: FleetAnswer } | { readonly refusal: string };

/** Those that failed or were left out, to be started again by a new run; all else stays as it ended. */
export function retryAfterEnd(
  spec: FleetSpec,
  state: FleetState,
  message: RetryMessage,
  nowMs: number,
): AfterEnd {
  const book = reopened(spec, state);
  const refusal = refusalOfChoice(book, 'retry', message);
  if (refusal !== undefined) return { refusal };
  const answer = decideEach(book, message, (index, was) => {
    const why = whyNotAgain(was, message.all === true);
    if (why !== undefined) return { why };
    retry(book, index, nowMs, message.newPlan);
    return 'done';
  });
  return concluded(book, 'retried', message, answer, nowMs);
}

/** Those that it has upgraded, to be brought back by a new run, last first. */
export function revertAfterEnd(
  spec: FleetSpec,
  state: FleetState,
  message: FleetRevertMessage,
  nowMs: number,
): AfterEnd {
  const book = reopened(spec, state);
  const refusal = refusalOfRevert(book, message);
  if (refusal !== undefined) return { refusal };
  const answer = decideEach(book, message, (index) => {
    const why = whyNotBack(book.tally.entry(index));
    if (why !== undefined) return { why };
    takeBack(book, index, message, nowMs);
    return 'done';
  });
  return concluded(book, 'reverting', message, answer, nowMs);
}

/** Its memory, without what ended it. */
function reopened(spec: FleetSpec, state: FleetState): Book {
  const { ending: _ending, halted: _halted, paused: _paused, stoppedAt: _stoppedAt, ...rest } = state;
  return new Book(spec, rest);
}

/** As a running fleet answers it (workflows/fleet/decisions.ts). */
function whyNotAgain(state: FleetTenantState, all: boolean): string | undefined {
  switch (state) {
    case 'held':
    case 'unreachable':
    case 'reverted':
    case 'blocked':
    case 'lost':
    case 'aborted':
    case 'abandoned':
    case 'pending':
    case 'queued':
    case 'running':
    case 'parked':
    case 'asking':
      return undefined;
    case 'skipped':
    case 'rolled-back':
      return all ? `${state}; name it, or its wave, to start it again` : undefined;
    case 'upgraded':
      return 'it is upgraded';
    default:
      return assertNever(state);
  }
}

function concluded(
  book: Book,
  event: 'retried' | 'reverting',
  message: RetryMessage | FleetRevertMessage,
  answer: FleetAnswer,
  nowMs: number,
): AfterEnd {
  book.journal(nowMs, event, message, `after the fleet had ended: ${namedIn(answer)}`);
  return { state: book.state, answer };
}
