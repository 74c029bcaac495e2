import { allowed } from '../rules/budget.ts';
import type { BudgetEntry, FleetFile } from './fleet-file.ts';
import type { FilledWave } from './fill-waves.ts';
import type { Place, Remarks } from './remarks.ts';
import { BUDGET_KINDS } from '../tenant/states.ts';

interface Scope {
  readonly place: Place;
  /** `the fleet`, `wave canary`. */
  readonly who: string;
  readonly size: number;
  readonly maxConcurrent: number;
}

/** Waves and budgets that cannot work, and those that do not do what they look like. */
export function checkBudgets(file: FleetFile, waves: readonly FilledWave[], remarks: Remarks): void {
  const size = waves.reduce((sum, { tenants }) => sum + tenants.length, 0);
  const { maxConcurrent } = file;
  checkBudget(file.failureBudget, { place: [], who: 'the fleet', size, maxConcurrent }, remarks);
  for (const { entry, place, tenants } of waves) {
    if (tenants.length === 0) {
      remarks.warn([...place, 'select'], `wave ${entry.name} selects nobody: it will be passed over`);
    } else if (entry.failureBudget) {
      const atOnce = Math.min(entry.maxConcurrent ?? maxConcurrent, maxConcurrent);
      const scope = { place, who: `wave ${entry.name}`, size: tenants.length, maxConcurrent: atOnce };
      checkBudget(entry.failureBudget, scope, remarks);
    }
    if (entry.maxConcurrent !== undefined && entry.maxConcurrent > maxConcurrent) {
      remarks.warn(
        [...place, 'maxConcurrent'],
        `the fleet's maxConcurrent is ${maxConcurrent}: wave ${entry.name} never gets to ${entry.maxConcurrent}`,
      );
    }
  }
}

function checkBudget(
  budget: BudgetEntry,
  { place, who, size, maxConcurrent }: Scope,
  remarks: Remarks,
): void {
  const at = [...place, 'failureBudget'];
  if (size === 0) return;
  if (budget.strict) {
    const may = allowed(budget.failed, size);
    if (may === 0) {
      remarks.problem(
        [...at, 'failed'],
        `of the ${size} tenants of ${who} none may fail, and the budget is strict: nothing may start. ` +
          'Allow at least one (a percentage is rounded down), or take strict away',
      );
    } else if (may === Infinity) {
      remarks.warn(at, `strict says nothing for ${who} without failed`);
    } else if (Math.min(maxConcurrent, size) > may) {
      remarks.warn(
        at,
        `the strict budget of ${who} lets no more than ${may} be in flight at once, and maxConcurrent is ${maxConcurrent}`,
      );
    }
  }
  for (const kind of BUDGET_KINDS) {
    const may = allowed(budget[kind], size);
    if (may !== Infinity && may >= size) {
      remarks.warn([...at, kind], `${who} has ${size} tenants: this budget can never be exceeded`);
    }
  }
}
