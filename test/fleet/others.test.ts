import { retryAfterEnd } from '../../src/domain/fleet/tenant/after-end.ts';
import { abortFleetSignal, approveWaveUpdate, retryTenantsUpdate } from '../../workflows/fleet/messages.ts';
import { FleetLab } from '../support/fleet-lab.ts';
import { heals, holds, reverts, slow } from '../support/fleet-trouble.ts';
import { OPERATOR } from '../support/upgrade-input.ts';

let lab: FleetLab;

beforeAll(async () => {
  lab = await FleetLab.open();
});

afterAll(() => lab.close());

test('a tenant that another fleet upgrades is queued, not failed; others go ahead of it', async () => {
  const first = await lab.start(
    { waves: [{ tenants: ['a'] }] },
    { prefix: 'shared-', prepare: (tenant) => slow(tenant('a'), 90) },
  );
  await first.until(({ counts }) => counts.running === 1, '1s');
  const second = await lab.start(
    { waves: [{ tenants: ['a', 'b'] }], maxConcurrent: 1 },
    { prefix: 'shared-' },
  );
  await second.until(({ counts }) => counts.queued === 1 && counts.upgraded === 1);
  expect(await second.states()).toEqual({ a: 'queued', b: 'upgraded' });
  const { progress, tenants } = await second.result();
  expect(progress.counts.upgraded).toBe(2);
  expect(tenants[0]?.attempts).toBe(1);
  expect((await first.result()).progress.counts.upgraded).toBe(1);
  // Upgraded by the first: the second finds nothing to do.
  expect(lab.tenant('shared-a').script.done.filter((call) => call.startsWith('backUpTenant'))).toHaveLength(
    1,
  );
});

test('a retry in the moment in which the old run closes is a new run, within seconds', async () => {
  const fleet = await lab.start(
    { waves: [{ tenants: ['a', 'b'] }], retries: { transientAttempts: 3, outcomeAttempts: 1 } },
    {
      prepare: (tenant) => {
        reverts(tenant('a'));
        slow(tenant('b'), 60);
      },
    },
  );
  await fleet.until(({ counts }) => counts.reverted === 1, '100ms');
  heals(fleet.tenant('a'));
  await fleet.handle.executeUpdate(retryTenantsUpdate, { args: [{ ...OPERATOR, all: true }] });
  const atMs = await lab.env.currentTimeMs();
  const { tenants } = await fleet.result();
  expect(tenants[0]).toMatchObject({ state: 'upgraded', attempts: 2 });
  const { a } = await fleet.spans();
  expect((a?.fromMs ?? Infinity) - atMs).toBeLessThan(30_000);
});

test('a held tenant that is told to try again is under way at once in what the fleet shows', async () => {
  const fleet = await lab.start(
    {
      waves: [{ tenants: ['a'] }, { tenants: ['b'], approval: 'required' }],
      failureBudget: { failed: { count: 1 } },
      retries: { transientAttempts: 3, outcomeAttempts: 1 },
    },
    { prepare: (tenant) => holds(tenant('a')) },
  );
  await fleet.until(({ phase }) => phase === 'awaiting-approval');
  heals(fleet.tenant('a'));
  await fleet.handle.executeUpdate(retryTenantsUpdate, {
    args: [{ ...OPERATOR, tenants: [`sim1/${fleet.spec.tenants[0]?.namespace ?? ''}`] }],
  });
  expect((await fleet.progress()).phase).toBe('running');
  expect((await fleet.until(({ counts }) => counts.upgraded === 1)).told).toBe(0);
  await fleet.handle.executeUpdate(approveWaveUpdate, { args: [{ ...OPERATOR, wave: 'wave-2' }] });
  expect((await fleet.result()).progress.counts.upgraded).toBe(2);
});

test('a held tenant of a fleet that was aborted tries its step again by a retry after the end', async () => {
  const options = {
    waves: [{ tenants: ['a'] }],
    failureBudget: { failed: { count: 1 } },
    retries: { transientAttempts: 3, outcomeAttempts: 1 },
  };
  const prefix = 'left-held-';
  const fleet = await lab.start(options, { prefix, prepare: (tenant) => holds(tenant('a')) });
  await fleet.until(({ counts }) => counts.held === 1);
  await fleet.handle.signal(abortFleetSignal, { ...OPERATOR, kind: 'finish' });
  const { spec, state, progress } = await fleet.result();
  expect(progress.counts.held).toBe(1);
  heals(fleet.tenant('a'));
  const after = retryAfterEnd(spec, state, { ...OPERATOR, all: true }, await lab.env.currentTimeMs());
  if ('refusal' in after) throw new Error(after.refusal);
  const again = await lab.start(options, { name: spec.name, prefix, state: after.state });
  expect((await again.result()).progress.counts.upgraded).toBe(1);
});
