import type { BudgetKind } from '../domain/fleet/budget.ts';
import { allowed, exceeded, spent } from '../domain/fleet/budget.ts';
import type { FailureBudget, FleetSpec } from '../domain/fleet/spec.ts';
import type { StateCounts } from '../domain/fleet/state.ts';
import type { FleetProgress } from '../domain/fleet/view.ts';
import { fleetCommand } from './fleets.ts';

const KINDS: readonly BudgetKind[] = ['failed', 'blocked', 'unreachable'];

/** A halted fleet whose budget is still exceeded would halt again at once: which budget, and what to type first. */
export function whyNotResumed(
  { name, halted, counts, total, waves }: FleetProgress,
  spec: FleetSpec,
): { readonly why: string; readonly hint: string } | undefined {
  if (!halted) return undefined;
  const ofFleet = refusal(name, undefined, { budget: spec.failureBudget, counts, size: total });
  if (ofFleet) return ofFleet;
  for (const { name: wave, failureBudget: budget } of spec.waves) {
    const seen = waves.find((one) => one.name === wave);
    if (!budget || !seen) continue;
    const ofWave = refusal(name, wave, { budget, counts: seen.counts, size: seen.total });
    if (ofWave) return ofWave;
  }
  return undefined;
}

function refusal(
  fleet: string,
  wave: string | undefined,
  of: { readonly budget: Partial<FailureBudget>; readonly counts: StateCounts; readonly size: number },
): { why: string; hint: string } | undefined {
  const { budget, counts, size } = of;
  const why = exceeded(budget, counts, size);
  const kind = KINDS.find((one) => spent(counts)[one] > allowed(budget[one], size));
  if (why === undefined || kind === undefined) return undefined;
  const where = wave === undefined ? [] : [`--wave ${wave}`];
  const raise = fleetCommand(fleet, 'set', ...where, `--${kind} ${spent(counts)[kind]}`, '--why "…"');
  const again = fleetCommand(fleet, 'retry', wave === undefined ? '--all' : `--wave ${wave}`, '--why "…"');
  return {
    why: `${wave === undefined ? `the fleet ${fleet}` : `wave ${wave}`} has halted, and its budget is still exceeded: ${why}`,
    hint: `Raise the budget with: ${raise}; or try those again with: ${again}; then resume.`,
  };
}
