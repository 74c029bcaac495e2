import { standOf } from '../../src/domain/fleet/spec/apply.ts';
import { applySpecUpdate, retryTenantsUpdate } from '../../workflows/fleet/messages.ts';
import type { StartedFleet } from '../support/fleet-lab.ts';
import { FleetLab } from '../support/fleet-lab.ts';
import type { FleetOptions } from '../support/fleet-spec.ts';
import { fleetSpec } from '../support/fleet-spec.ts';
import { heals, reverts, slow } from '../support/fleet-trouble.ts';
import { OPERATOR, PATH } from '../support/upgrade-input.ts';

let lab: FleetLab;

beforeAll(async () => {
  lab = await FleetLab.open();
});

afterAll(() => lab.close());

const retries = { transientAttempts: 3, outcomeAttempts: 1 };
const NEXT_PATH = { ...PATH, hash: 'fedcba987654' };

/** Hands an edited file over to a running fleet; its namespaces get the prefix of that fleet. */
async function apply(
  fleet: StartedFleet,
  options: FleetOptions,
  base = standOf(fleet.spec),
): Promise<string> {
  const { name, tenants } = fleet.spec;
  const prefix = `${tenants[0]?.namespace.split('-')[0] ?? ''}-`;
  const spec = fleetSpec({ retries, hash: '210fedcba987', ...options }, { name, prefix });
  lab.addTenants(spec);
  return fleet.handle.executeUpdate(applySpecUpdate, { args: [{ ...OPERATOR, base, spec }] });
}

async function begun(): Promise<StartedFleet> {
  const fleet = await lab.start(
    { waves: [{ tenants: ['a', 'b', 'c', 'd'] }], maxConcurrent: 2, retries },
    {
      prepare: (tenant) => {
        reverts(tenant('a'));
        slow(tenant('b'), 60);
        slow(tenant('c'), 60);
      },
    },
  );
  await fleet.until(({ counts }) => counts.reverted === 1 && counts.running === 2, '1s');
  return fleet;
}

test('an edited file mid-run: one more, one less, and a new plan for those that were not started', async () => {
  const fleet = await begun();
  const waves = [{ tenants: ['a', 'b', 'c'] }, { name: 'late', tenants: ['e'] }];
  expect(await apply(fleet, { waves, maxConcurrent: 2, path: NEXT_PATH })).toBe('210fedcba987');
  heals(fleet.tenant('a'));
  // With the plan it was started with, whatever the file says now.
  await fleet.handle.executeUpdate(retryTenantsUpdate, { args: [{ ...OPERATOR, all: true }] });
  const { progress } = await fleet.result();
  expect(await fleet.states()).toEqual({ a: 'upgraded', b: 'upgraded', c: 'upgraded', e: 'upgraded' });
  expect(progress.specHash).toBe('210fedcba987');
  expect(progress.journal.find(({ event }) => event === 'inventory-changed')?.actor).toEqual(OPERATOR);
  expect((await fleet.tenantProgress('a')).pathHash).toBe(PATH.hash);
  expect((await fleet.tenantProgress('b')).pathHash).toBe(PATH.hash);
  const prefix = fleet.spec.tenants[0]?.namespace.slice(0, -1) ?? '';
  const { tenants } = await fleet.result();
  expect(tenants.map(({ tenant }) => tenant.namespace)).toEqual(
    ['a', 'b', 'c', 'e'].map((name) => prefix + name),
  );
});

test('a retry that wants the new plan gets it', async () => {
  const fleet = await begun();
  await apply(fleet, { waves: [{ tenants: ['a', 'b', 'c', 'd'] }], maxConcurrent: 2, path: NEXT_PATH });
  heals(fleet.tenant('a'));
  await fleet.handle.executeUpdate(retryTenantsUpdate, { args: [{ ...OPERATOR, all: true, newPlan: true }] });
  await fleet.result();
  expect((await fleet.tenantProgress('a')).pathHash).toBe(NEXT_PATH.hash);
  expect((await fleet.tenantProgress('d')).pathHash).toBe(NEXT_PATH.hash);
});

test('a file that another has overtaken, or that leaves out what was started, is refused and changes nothing', async () => {
  const fleet = await begun();
  const waves = [{ tenants: ['a', 'b', 'c', 'd'] }];
  await expect(apply(fleet, { waves }, '000000000000')).rejects.toMatchObject({
    cause: { message: expect.stringContaining('look again') as string },
  });
  // The same file, but another limit was set since.
  await expect(apply(fleet, { waves }, standOf({ ...fleet.spec, maxConcurrent: 7 }))).rejects.toMatchObject({
    cause: { message: expect.stringContaining('look again') as string },
  });
  await expect(apply(fleet, { waves: [{ tenants: ['a', 'c', 'd'] }] })).rejects.toMatchObject({
    cause: { message: expect.stringContaining('cannot be removed') as string },
  });
  const { progress } = await fleet.result();
  expect(progress.specHash).toBe(fleet.spec.hash);
  expect(progress.total).toBe(4);
});
