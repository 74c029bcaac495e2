import type { FleetPage, PathColumns, TenantRow } from '../../src/desk/contract.ts';

export type StepColumn = PathColumns['steps'][number];

/** What stands before the steps. */
export const FACTS = ['name', 'state', 'wave', 'since'] as const;

/** The steps of a tenant's own path. */
export const stepsOfRow = ({ columns }: FleetPage, { pathName }: TenantRow): readonly StepColumn[] =>
  (columns.find(({ path }) => path === pathName) ?? columns[0])?.steps ?? [];

/** As many columns as the longest path has steps. */
export const stepCount = ({ columns }: FleetPage): number =>
  Math.max(0, ...columns.map(({ steps }) => steps.length));

/** How far a tenant is: how many of its steps are behind it, and which one is at work or has failed. */
export function progressOf(
  page: FleetPage,
  row: TenantRow,
): { readonly done: number; readonly of: number; readonly at?: string } {
  const steps = stepsOfRow(page, row);
  const statuses = row.steps ?? [];
  const done = statuses.filter((status) =>
    ['done', 'unchanged', 'absent', 'skipped'].includes(status),
  ).length;
  const place = statuses.findIndex((status) =>
    ['running', 'reverting', 'failed', 'not-reverted'].includes(status),
  );
  const at = steps[place];
  return { done, of: steps.length, ...(at ? { at: at.id } : {}) };
}
