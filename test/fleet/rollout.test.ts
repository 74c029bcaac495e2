import type { FleetProgress } from '../../src/domain/fleet/show/progress.ts';
import { approveWaveUpdate } from '../../workflows/fleet/messages.ts';
import { FleetLab } from '../support/fleet-lab.ts';
import { slow } from '../support/fleet-trouble.ts';
import { OPERATOR } from '../support/upgrade-input.ts';

let lab: FleetLab;

beforeAll(async () => {
  lab = await FleetLab.open();
});

afterAll(() => lab.close());

const HOUR_MS = 3_600_000;
const events = ({ journal }: FleetProgress): string[] =>
  journal.map(({ event, detail }) => [event, detail].filter(Boolean).join(' '));

test('a fleet of one is upgraded, and its duration is measured', async () => {
  const fleet = await lab.start({ waves: [{ tenants: ['a'] }] });
  const { progress, tenants } = await fleet.result();
  expect(progress.phase).toBe('ended');
  expect(tenants.map(({ state }) => state)).toEqual(['upgraded']);
  expect(progress.forecast.measured).toBe(1);
});

test('waves come one after the other, also the slow ones, and an empty one is passed over', async () => {
  const fleet = await lab.start(
    { waves: [{ tenants: ['a', 'b'] }, { tenants: [] }, { tenants: ['c', 'd'] }, { tenants: ['e'] }] },
    { prepare: (tenant) => slow(tenant('b'), 30) },
  );
  const { progress } = await fleet.result();
  const { a, b, c, d, e } = await fleet.spans();
  expect(Math.min(c?.fromMs ?? 0, d?.fromMs ?? 0)).toBeGreaterThanOrEqual(
    Math.max(a?.toMs ?? 0, b?.toMs ?? Infinity),
  );
  expect(e?.fromMs).toBeGreaterThanOrEqual(Math.max(c?.toMs ?? 0, d?.toMs ?? Infinity));
  expect(progress.waves.map(({ state }) => state)).toEqual(['done', 'done', 'done', 'done']);
  expect(progress.counts.upgraded).toBe(5);
  expect(events(progress)).toEqual([
    'started',
    'wave-started wave-1',
    'wave-done wave-1',
    'wave-started wave-3',
    'wave-done wave-3',
    'wave-started wave-4',
    'wave-done wave-4',
    'ended',
  ]);
});

test('an empty wave that wants an approval is no obstacle', async () => {
  const fleet = await lab.start({
    waves: [{ tenants: [], approval: 'required', soakMinutes: 600 }, { tenants: ['a'] }],
  });
  expect((await fleet.result()).progress.counts.upgraded).toBe(1);
});

test('a wave is left alone for its soak before the next one begins', async () => {
  const fleet = await lab.start({ waves: [{ tenants: ['a'], soakMinutes: 24 * 60 }, { tenants: ['b'] }] });
  const soaking = await fleet.until(({ phase }) => phase === 'soaking');
  expect(soaking.waves[1]?.state).toBe('soaking-before');
  expect(soaking.counts.pending).toBe(1);
  await fleet.result();
  const { a, b } = await fleet.spans();
  expect((b?.fromMs ?? 0) - (a?.toMs ?? Infinity)).toBeGreaterThanOrEqual(24 * HOUR_MS);
});

test('an approval that comes a week late: until then the wave waits, and nothing else does', async () => {
  const fleet = await lab.start({
    waves: [{ tenants: ['a'] }, { tenants: ['b'], approval: 'required' }, { tenants: ['c'] }],
  });
  await fleet.until(({ phase }) => phase === 'awaiting-approval');
  await lab.sleep('7 days');
  expect(await fleet.states()).toEqual({ a: 'upgraded', b: 'pending', c: 'pending' });
  const approve = (wave: string): Promise<string> =>
    fleet.handle.executeUpdate(approveWaveUpdate, { args: [{ ...OPERATOR, wave }] });
  await expect(approve('wave-1')).rejects.toMatchObject({
    cause: { message: expect.stringContaining('is over') as string },
  });
  await approve('wave-2');
  const { progress } = await fleet.result();
  expect(progress.counts.upgraded).toBe(3);
  expect(progress.waves[1]?.approvedBy).toEqual(OPERATOR);
  const { a, b } = await fleet.spans();
  expect((b?.fromMs ?? 0) - (a?.toMs ?? Infinity)).toBeGreaterThanOrEqual(7 * 24 * HOUR_MS);
});

test('an approval that comes early counts when the wave comes', async () => {
  const fleet = await lab.start(
    { waves: [{ tenants: ['a'] }, { tenants: ['b'], approval: 'required' }] },
    { prepare: (tenant) => slow(tenant('a'), 60) },
  );
  await fleet.until(({ counts }) => counts.running === 1);
  await fleet.handle.executeUpdate(approveWaveUpdate, { args: [{ ...OPERATOR, wave: 'wave-2' }] });
  expect((await fleet.result()).progress.counts.upgraded).toBe(2);
});
