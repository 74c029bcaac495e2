import type { Allowance, FailureBudget } from '../spec/spec.ts';
import type { BudgetKind, StateCounts } from '../tenant/states.ts';
import { BUDGET_KINDS, countOf, countsByBudget, MAY_FAIL } from '../tenant/states.ts';

/** A budget that lets nothing more start: why, and what would let it. */
export interface Overrun {
  readonly why: string;
  readonly kind: BudgetKind;
  /** Absent: the fleet's own budget. */
  readonly wave?: string;
  /** How many must be allowed before anything may start again. */
  readonly needs: number;
}

/** How many of `size` tenants may go wrong: a percentage is rounded down, so 10% of 9 is none. */
export function allowed(allowance: Allowance | undefined, size: number): number {
  if (!allowance) return Infinity;
  if ('count' in allowance) return allowance.count;
  // Hundredths of a percent as whole numbers: 7% of 100 must be 7, and 0.07 * 100 is a little more.
  return Math.floor((Math.round(allowance.percent * 100) * size) / 10_000);
}

/** How many count against each kind of a budget, in the order of the kinds. */
export function countsAgainst(counts: StateCounts): (readonly [BudgetKind, number])[] {
  const used = countsByBudget(counts);
  return BUDGET_KINDS.map((kind) => [kind, used[kind]]);
}

/** Which kind of a budget is exceeded; undefined where none is. */
export function exceeded(
  budget: Partial<FailureBudget> | undefined,
  counts: StateCounts,
  size: number,
): Overrun | undefined {
  if (!budget) return undefined;
  const used = countsByBudget(counts);
  const kind = BUDGET_KINDS.find((name) => used[name] > allowed(budget[name], size));
  if (!kind) return undefined;
  const why = `${used[kind]} of ${size} ${kind}, and ${describeAllowance(budget[kind], size)} may be`;
  // A strict budget needs room for the next one as well.
  return { why, kind, needs: used[kind] + (budget.strict && kind === 'failed' ? 1 : 0) };
}

/** How many more a strict budget lets start; Infinity where it is not strict. */
export function strictRoom(
  budget: Partial<FailureBudget> | undefined,
  counts: StateCounts,
  size: number,
): number {
  if (!budget?.strict) return Infinity;
  return allowed(budget.failed, size) - countsByBudget(counts).failed - countOf(counts, MAY_FAIL);
}

/** What `describeAllowance` has said, as a number: Infinity for any number. */
export function allowanceShown(said: string): number {
  const [number] = /^\d+/.exec(said) ?? [];
  return number === undefined ? Infinity : Number(number);
}

/** `3`, or `2 (5% of 41)`. */
export function describeAllowance(allowance: Allowance | undefined, size: number): string {
  if (!allowance) return 'any number';
  if ('count' in allowance) return String(allowance.count);
  return `${allowed(allowance, size)} (${allowance.percent}% of ${size})`;
}
