import type { Arena } from '../arena/arena.ts';
import type { Tenant } from '../arena/tenant.ts';
import type { World } from '../arena/world.ts';
import type { Arrival, Course } from '../faults/course.ts';
import type { TenantPlan, WorldPlan } from '../random/plan.ts';
import { turnOf } from './counting.ts';
import type { Phase } from './place.ts';

/** One tenant with all that the path can have. */
export function planOf(phase: Phase, name: string): WorldPlan {
  const tenant: TenantPlan = {
    site: 0,
    impersonation: true,
    onFailure: 'hold',
    policy: phase === 'revert' ? 'reverting' : 'patient',
    startsAfterMs: 0,
    injections: [],
  };
  return { seed: name, sites: 1, fleet: false, tenants: [tenant] };
}

/**
 * What brings an upgrade into its phase, before anything goes wrong: an abort while the last thing before the point of no
 * return rolls; or an abort past it, which holds the tenant, and a revert that is confirmed.
 */
export function playScenario(
  phase: Phase,
  {
    arena,
    world,
    then,
  }: {
    readonly arena: Arena;
    readonly world: World;
    readonly then: (tenant: Tenant, arrival: Arrival) => Course | undefined;
  },
): void {
  const isTurn = turnOf(phase);
  world.script = (tenant, arrival) => {
    // It counts every request, this one too.
    const course = then(tenant, arrival);
    if (isTurn(arrival)) {
      // The request is answered only when the abort has been heard: nothing depends on who is quicker.
      return { after: () => arena.operator.signal(tenant, 'abort').then(() => ({ do: 'go' as const })) };
    }
    return course;
  };
}
