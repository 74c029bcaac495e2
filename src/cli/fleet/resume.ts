import type { Overrun } from '../../domain/fleet/rules/budget.ts';
import type { FleetProgress } from '../../domain/fleet/show/progress.ts';
import { fleetCommand } from './fleet-command.ts';

/** What to type where a budget lets nothing more start: one of the two, then `fleet resume`. */
export function afterOverrun(
  fleet: string,
  { kind, wave, needs }: Overrun,
): { readonly raise: string; readonly again: string } {
  const ofWave = wave === undefined ? [] : [`--wave ${wave}`];
  return {
    raise: fleetCommand(fleet, 'set', ...ofWave, `--${kind} ${needs}`, '--why "…"'),
    again: fleetCommand(fleet, 'retry', wave === undefined ? '--all' : `--wave ${wave}`, '--why "…"'),
  };
}

/** A halted fleet whose budget is still used up would halt again at once: which budget, and what to type first. */
export function whyNotResumed({
  name,
  halted,
}: FleetProgress): { readonly why: string; readonly hint: string } | undefined {
  if (!halted?.overrun) return undefined;
  const { raise, again } = afterOverrun(name, halted.overrun);
  return {
    why: `the fleet ${name} has halted, and would halt again at once: ${halted.overrun.why}`,
    hint: `Raise the budget with: ${raise}; or try those again with: ${again}; then resume.`,
  };
}
