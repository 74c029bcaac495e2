import { judgeAttempts } from './current-attempt.ts';
import { judgeEdits } from './edits-kept.ts';
import { judgeEndState } from './end-state.ts';
import type { Evidence, Violation } from './evidence.ts';
import { judgeLeftovers } from './leftovers.ts';
import { judgeOnce, judgeOrder } from './once-and-in-order.ts';
import { judgeNoReturn, judgeRollouts } from './rollouts.ts';
import { judgeTold } from './told.ts';
import { judgeWords } from './words.ts';

const ORACLES: readonly ((evidence: Evidence) => Violation[])[] = [
  judgeEndState,
  judgeEdits,
  judgeLeftovers,
  judgeOnce,
  judgeOrder,
  judgeAttempts,
  judgeRollouts,
  judgeNoReturn,
  judgeWords,
  judgeTold,
];

/** Everything that is not as it must be with one tenant. */
export function judge(evidence: Evidence): Violation[] {
  return ORACLES.flatMap((oracle) => oracle(evidence));
}
