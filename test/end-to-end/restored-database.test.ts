/** Issue 12, fault 8: Temporal's database is put back to a copy while workers run, which remember more than it holds. */
import { expect, test } from '@jest/globals';
import { buildProduct } from '../../torture/build/build.ts';
import type { TenantPlan, WorldPlan } from '../../torture/random/plan.ts';
import { runGroup } from '../../torture/random/run-group.ts';

const TENANTS = 8;

const tenant: TenantPlan = {
  site: 0,
  impersonation: false,
  onFailure: 'hold',
  policy: 'patient',
  startsAfterMs: 0,
  injections: [],
};

const worlds = Array.from({ length: TENANTS }, (_, place): WorldPlan => ({
  seed: `restored/${place}`,
  sites: 1,
  fleet: false,
  tenants: [{ ...tenant, startsAfterMs: place * 150 }],
}));

test('each goes on from what Temporal knows, and comes to its end', async () => {
  const build = await buildProduct();
  try {
    const results = await runGroup(build, {
      seed: 'restored',
      worlds,
      faults: [{ kind: 'engine-forgets', afterMs: 5_000, forMs: 0 }],
    });
    expect(results.flatMap(({ violations }) => violations)).toEqual([]);
    expect(results).toHaveLength(TENANTS);
  } finally {
    build.remove();
  }
}, 400_000);
