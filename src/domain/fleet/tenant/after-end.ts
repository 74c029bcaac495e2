import type { FleetAnswer, FleetRevertMessage, RetryMessage } from '../fleet-upgrade.ts';
import { Ledger } from '../ledger.ts';
import type { FleetSpec } from '../spec/spec.ts';
import { decideEach, namedIn, retryOrder } from './decide-each.ts';
import type { FleetState } from './entry.ts';
import { refusalOfChoice, refusalOfRevert } from './refusals.ts';

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
  const ledger = reopened(spec, state);
  const refusal = refusalOfChoice(ledger, 'retry', message);
  if (refusal !== undefined) return { refusal };
  const answer = decideEach(ledger, message, retryOrder(message), { nowMs });
  return concluded(ledger, 'retried', message, answer, nowMs);
}

/** Those that it has upgraded, to be brought back by a new run, last first. */
export function revertAfterEnd(
  spec: FleetSpec,
  state: FleetState,
  message: FleetRevertMessage,
  nowMs: number,
): AfterEnd {
  const ledger = reopened(spec, state);
  const refusal = refusalOfRevert(ledger, message);
  if (refusal !== undefined) return { refusal };
  const answer = decideEach(ledger, message, { kind: 'revert', actor: message }, { nowMs });
  return concluded(ledger, 'reverting', message, answer, nowMs);
}

/** Its memory, without what ended it. */
function reopened(spec: FleetSpec, state: FleetState): Ledger {
  const { ending: _ending, halted: _halted, paused: _paused, stoppedAt: _stoppedAt, ...rest } = state;
  return new Ledger(spec, rest);
}

function concluded(
  ledger: Ledger,
  event: 'retried' | 'reverting',
  message: RetryMessage | FleetRevertMessage,
  answer: FleetAnswer,
  nowMs: number,
): AfterEnd {
  ledger.journal(nowMs, event, message, `after the fleet had ended: ${namedIn(answer)}`);
  return { state: ledger.state, answer };
}
