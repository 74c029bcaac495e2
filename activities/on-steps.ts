import type { StepOutcome } from '../src/domain/tenant/outcome.ts';
import type { KindOfStep } from '../src/domain/tenant/step-base.ts';
import type { StepKind } from '../src/domain/tenant/step-kinds.ts';
import { STEP_KINDS } from '../src/domain/tenant/step-kinds.ts';
import type { Applying, Reverting, StepInput } from './contract.ts';

type OnStep = (input: StepInput<StepKind>) => Promise<StepOutcome>;

/** The activities that kinds of steps name: what applies a step, and what takes one back. */
export function onSteps(apply: OnStep, revert: OnStep): Applying & Reverting {
  // By the names that the table holds: the compiler reads them there, and not off entries that are made.
  const kinds: readonly KindOfStep[] = Object.values(STEP_KINDS);
  return Object.fromEntries(
    kinds.flatMap((kind) => [
      [kind.apply.activity, apply] as const,
      ...(kind.revert ? [[kind.revert.activity, revert] as const] : []),
    ]),
  ) as unknown as Applying & Reverting;
}
