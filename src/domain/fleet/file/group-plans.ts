import type { TenantPlan } from '../../tenant/plan.ts';
import { planHasChanges } from '../../tenant/plan.ts';

export interface NamedPlan {
  readonly name: string;
  readonly plan: TenantPlan;
}

/** Tenants of which the upgrade would change the same things in the same way. */
export interface PlanGroup {
  readonly tenants: readonly string[];
  readonly hasChanges: boolean;
  readonly steps: number;
  readonly changes: number;
  /** What these have and the largest group has not, and the other way round; empty for the largest itself. */
  readonly only: readonly string[];
  readonly lacks: readonly string[];
}

/** The largest group first. What differs for every tenant by nature makes no groups. */
export function groupPlans(plans: readonly NamedPlan[]): PlanGroup[] {
  const groups = new Map<string, { readonly lines: readonly string[]; readonly plans: NamedPlan[] }>();
  for (const named of plans) {
    const lines = linesOf(named.plan);
    const key = lines.join('\n');
    const group = groups.get(key) ?? { lines, plans: [] };
    group.plans.push(named);
    groups.set(key, group);
  }
  const inOrder = [...groups.values()].sort((a, b) => b.plans.length - a.plans.length);
  const largest = new Set(inOrder[0]?.lines);
  return inOrder.flatMap(({ lines, plans: own }) => {
    const [first] = own;
    if (!first) return [];
    const todo = first.plan.steps.filter(({ status }) => status === 'todo');
    const set = new Set(lines);
    return {
      tenants: own.map(({ name }) => name),
      hasChanges: planHasChanges(first.plan),
      steps: todo.length,
      changes: todo.reduce((sum, { changes }) => sum + changes.length, 0),
      only: lines.filter((line) => !largest.has(line)),
      lacks: [...largest].filter((line) => !set.has(line)),
    };
  });
}

function linesOf({ steps, from, to, namespace }: TenantPlan): string[] {
  return [
    `3scale ${from} → ${to}`,
    ...steps.flatMap(({ id, title, status, changes }) => [
      ...(status === 'todo' ? [] : [`${title} (${id}): ${status}`]),
      ...changes.map(({ object, path, before, after }) => {
        const where = [object, path].filter(Boolean).join(' ');
        const [old, now] = [before ?? 'nothing', after ?? 'nothing'];
        return withoutProject(`${where}: ${old} → ${now}`, namespace);
      }),
    ]),
  ];
}

/** The integrated registry names an image by the tenant's own project: `docker-registry.default.svc:5000/shop/system`. */
function withoutProject(text: string, namespace: string): string {
  const registry = /(\.svc(?:\.cluster\.local)?(?::\d+)?\/)([^/\s]+)(?=\/)/g;
  return text.replace(registry, (whole, host: string, project: string) =>
    project === namespace ? `${host}<project>` : whole,
  );
}
