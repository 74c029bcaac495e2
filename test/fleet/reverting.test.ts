import { revertAfterEnd } from '../../src/domain/fleet/tenant/after-end.ts';
import { abortFleetSignal, revertTenantsUpdate, skipTenantsUpdate } from '../../workflows/fleet/messages.ts';
import type { StartedFleet } from '../support/fleet-lab.ts';
import { FleetLab } from '../support/fleet-lab.ts';
import { CROSSING, heals, slow, unreachable } from '../support/fleet-trouble.ts';
import { OPERATOR } from '../support/upgrade-input.ts';

let lab: FleetLab;

beforeAll(async () => {
  lab = await FleetLab.open();
});

afterAll(() => lab.close());

const OTTO = { by: 'otto', why: 'the shop is down' };

test('one tenant is taken back by an operator’s word, in the operator’s name', async () => {
  const fleet = await lab.start({ waves: [{ tenants: ['a'] }, { tenants: ['b'], approval: 'required' }] });
  await fleet.until(({ phase }) => phase === 'awaiting-approval');
  const before = fleet.tenant('a').installation.deploymentConfig('system-app').template.image;
  const name = fleet.spec.tenants[0]?.namespace ?? '';
  const revert = { ...OTTO, tenants: [`sim1/${name}`] };
  await expect(fleet.handle.executeUpdate(revertTenantsUpdate, { args: [revert] })).rejects.toMatchObject({
    cause: { message: expect.stringContaining('--confirm') as string },
  });
  await fleet.handle.executeUpdate(revertTenantsUpdate, { args: [{ ...revert, confirm: fleet.spec.name }] });
  await fleet.until(({ counts }) => counts['rolled-back'] === 1);
  const progress = await fleet.tenantProgress('a');
  expect(progress.journal[0]?.actor).toMatchObject({ by: 'otto' });
  expect(progress.journal[0]?.actor?.why).toContain('the shop is down');
  expect(progress.journal.find(({ event }) => event === 'reverting')?.detail).toContain('otto');
  expect(fleet.tenant('a').installation.deploymentConfig('system-app').template.image).not.toBe(before);
  await fleet.handle.signal(abortFleetSignal, { ...OPERATOR, kind: 'finish' });
  await fleet.result();
});

test('a wave goes back last first, and the fleet halts meanwhile', async () => {
  const fleet = await lab.start({
    waves: [{ tenants: ['a', 'b', 'c'] }, { tenants: ['d'], approval: 'required' }],
    maxConcurrent: 1,
  });
  await fleet.until(({ phase }) => phase === 'awaiting-approval');
  const message = { ...OTTO, wave: 'wave-1', confirm: fleet.spec.name };
  const answer = await fleet.handle.executeUpdate(revertTenantsUpdate, { args: [message] });
  expect(answer.done).toHaveLength(3);
  const { phase } = await fleet.until(({ counts }) => counts['rolled-back'] === 3);
  expect(phase).toBe('halted');
  expect(await orderOf(fleet)).toEqual(['c', 'b', 'a']);
  await fleet.handle.signal(abortFleetSignal, { ...OPERATOR, kind: 'finish' });
  await fleet.result();
});

test('a fleet that has ended goes back as a whole, last first, in a new run with its memory', async () => {
  const options = { waves: [{ tenants: ['a', 'b'] }, { tenants: ['c'] }], maxConcurrent: 1 };
  const prefix = 'goes-back-';
  const fleet = await lab.start(options, { prefix });
  const { spec, state } = await fleet.result();
  const nowMs = await lab.env.currentTimeMs();
  const after = revertAfterEnd(spec, state, { ...OTTO, all: true, confirm: spec.name }, nowMs);
  if ('refusal' in after) throw new Error(after.refusal);
  const again = await lab.start(options, { name: spec.name, prefix, state: after.state });
  const { progress } = await again.result();
  expect(progress.counts['rolled-back']).toBe(3);
  expect(await orderOf(again)).toEqual(['c', 'b', 'a']);
});

test('those under way go back too, also past the point of no return: the word for that was given', async () => {
  const fleet = await lab.start(
    { waves: [{ tenants: ['a', 'b'] }] },
    {
      prepare: (tenant) => {
        slow(tenant('a'), 30);
        slow(tenant('b'), 30, CROSSING);
      },
    },
  );
  await fleet.until(({ counts }) => counts.running === 2, '1s');
  await lab.sleep('5 minutes');
  expect((await fleet.tenantProgress('b')).mayBePastPointOfNoReturn).toBe(true);
  const message = { ...OTTO, all: true, confirm: fleet.spec.name };
  await fleet.handle.executeUpdate(revertTenantsUpdate, { args: [message] });
  await fleet.result();
  expect(await fleet.states()).toEqual({ a: 'aborted', b: 'reverted' });
  const { journal } = await fleet.tenantProgress('b');
  expect(journal.some(({ event, actor }) => event === 'decided' && actor?.by === 'otto')).toBe(true);
});

test('one whose cluster has not answered yet is not upgraded once it does', async () => {
  const fleet = await lab.start(
    {
      waves: [{ tenants: ['away', 'b'] }],
      retries: { transientAttempts: 3, outcomeAttempts: 1, unreachableAttempts: 1 },
    },
    {
      prepare: (tenant) => {
        unreachable(tenant('away'));
        slow(tenant('b'), 24 * 60);
      },
    },
  );
  await fleet.until(({ counts }) => counts.unreachable === 1);
  const tenants = [`sim1/${fleet.spec.tenants[0]?.namespace ?? ''}`];
  const message = { ...OTTO, tenants, confirm: fleet.spec.name };
  await fleet.handle.executeUpdate(revertTenantsUpdate, { args: [message] });
  heals(fleet.tenant('away'));
  await fleet.result();
  expect(await fleet.states()).toEqual({ away: 'aborted', b: 'upgraded' });
  expect(fleet.tenant('away').installation.writes).toEqual([]);
});

test('a tenant that is skipped is never started; its wave is done without it', async () => {
  const fleet = await lab.start(
    { waves: [{ tenants: ['a', 'b'] }, { tenants: ['c'] }], maxConcurrent: 1 },
    { prepare: (tenant) => slow(tenant('a'), 30) },
  );
  await fleet.until(({ counts }) => counts.running === 1, '1s');
  const tenants = fleet.spec.tenants.slice(0, 2).map(({ namespace }) => `sim1/${namespace}`);
  const answer = await fleet.handle.executeUpdate(skipTenantsUpdate, { args: [{ ...OTTO, tenants }] });
  expect(answer).toMatchObject({ done: [tenants[1]], refused: [{ tenant: tenants[0] }] });
  await fleet.result();
  expect(await fleet.states()).toEqual({ a: 'upgraded', b: 'skipped', c: 'upgraded' });
  expect(fleet.tenant('b').script.attempts).toEqual([]);
});

/** In which order the newest runs of the tenants were begun. */
async function orderOf(fleet: StartedFleet): Promise<string[]> {
  const states = await fleet.states();
  const begun = Object.keys(states).filter((name) => states[name] !== 'pending');
  const starts = await Promise.all(
    begun.map(async (name) => ({ name, atMs: Date.parse((await fleet.tenantProgress(name)).startedAt) })),
  );
  return starts.sort((one, other) => one.atMs - other.atMs).map(({ name }) => name);
}
