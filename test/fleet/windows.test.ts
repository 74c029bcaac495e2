import { DateTime } from 'luxon';
import type { MaintenanceWindow } from '../../src/domain/windows/policy.ts';
import { FleetLab } from '../support/fleet-lab.ts';
import { CROSSING, reverts, slow, SWITCHING } from '../support/fleet-trouble.ts';
import { OPERATOR } from '../support/upgrade-input.ts';

const ZONE = 'Europe/Berlin';
const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
let lab: FleetLab;

beforeAll(async () => {
  lab = await FleetLab.open();
});

afterAll(() => lab.close());

const now = async (): Promise<DateTime> => DateTime.fromMillis(await lab.env.currentTimeMs(), { zone: ZONE });
const nextAt = async (hour: number): Promise<DateTime> =>
  (await now()).plus({ days: 1 }).set({ hour, minute: 0, second: 0, millisecond: 0 });
async function sleepUntil(time: DateTime): Promise<void> {
  await lab.sleep(time.toMillis() - (await lab.env.currentTimeMs()));
}
const window = (opens: string, durationMinutes: number): MaintenanceWindow => ({
  opens,
  durationMinutes,
  zone: ZONE,
});
const estimate = { stageMinutes: 10, switchMinutes: 20, rollbackMinutes: 20 };

test('a window that is shut: all are queued, none is touched, and it is said when it opens', async () => {
  const opens = await nextAt(22);
  await sleepUntil(opens.minus({ hours: 2 }));
  const fleet = await lab.start({
    waves: [{ tenants: ['a', 'b'] }],
    windows: { windows: [window('0 22 * * *', 240)], freezes: [] },
    estimate,
  });
  const waiting = await fleet.until(({ nextWindowAt }) => nextWindowAt !== undefined);
  expect(waiting.phase).toBe('waiting');
  expect(waiting.counts.pending).toBe(2);
  expect(Date.parse(waiting.nextWindowAt ?? '')).toBe(opens.toMillis());
  await fleet.result();
  for (const { fromMs } of Object.values(await fleet.spans())) {
    expect(fromMs).toBeGreaterThanOrEqual(opens.toMillis());
  }
});

test.each([
  { when: 'while it is prepared', call: 'backUpTenant' },
  { when: 'while it is staged', call: 'setImage set-memcache-image' },
  { when: 'before the point of no return', call: SWITCHING },
  { when: 'after the point of no return', call: CROSSING },
])('a window that shuts $when: parked without a slot, it goes on in the next one', async ({ call }) => {
  const opens = await nextAt(22);
  await sleepUntil(opens.plus({ seconds: 10 }));
  const fleet = await lab.start(
    {
      waves: [{ tenants: ['a'] }],
      windows: { windows: [window('0 22 * * *', 120)], freezes: [] },
      estimate,
    },
    { prepare: (tenant) => slow(tenant('a'), 150, call) },
  );
  const parked = await fleet.until(({ counts }) => counts.parked === 1, '10 minutes');
  expect(parked.counts.running).toBe(0);
  const [line] = parked.running;
  expect(Date.parse(line?.notBefore ?? '')).toBe(opens.plus({ days: 1 }).toMillis());
  const { progress } = await fleet.result();
  expect(progress.counts.upgraded).toBe(1);
  const { a } = await fleet.spans();
  expect(a?.toMs).toBeGreaterThanOrEqual(opens.plus({ days: 1 }).toMillis());
});

test('what is only staged when its window shuts is undone, and comes again in the next one, if the file says so', async () => {
  const opens = await nextAt(22);
  await sleepUntil(opens.plus({ seconds: 10 }));
  const fleet = await lab.start(
    {
      waves: [{ tenants: ['a'] }],
      windows: { windows: [window('0 22 * * *', 120)], freezes: [] },
      profile: { onClose: 'revert-staged' },
      failureBudget: { failed: { count: 0 } },
      estimate,
    },
    { prepare: (tenant) => slow(tenant('a'), 150) },
  );
  await fleet.until(({ counts, running }) => counts.pending === 1 && running.length === 0, '10 minutes');
  expect(fleet.tenant('a').installation.deploymentConfig('system-app').paused).toBe(false);
  const { progress, tenants } = await fleet.result();
  expect(progress.counts.upgraded).toBe(1);
  expect(tenants[0]?.attempts).toBe(2);
  expect(progress.journal.some(({ event }) => event === 'halted')).toBe(false);
});

test('a tenant that may finish does, though its window shuts', async () => {
  const opens = await nextAt(22);
  await sleepUntil(opens.plus({ minutes: 100 }));
  const fleet = await lab.start(
    {
      waves: [{ tenants: ['a', 'b'] }],
      maxConcurrent: 1,
      windows: { windows: [window('0 22 * * *', 240)], freezes: [] },
      profile: { onClose: 'finish-tenant' },
      estimate,
    },
    { prepare: (tenant) => slow(tenant('a'), 150, CROSSING) },
  );
  await fleet.result();
  const { a, b } = await fleet.spans();
  expect(a?.toMs).toBeGreaterThan(opens.plus({ hours: 4 }).toMillis());
  expect(a?.toMs).toBeLessThan(opens.plus({ days: 1 }).toMillis());
  expect(b?.fromMs).toBeGreaterThanOrEqual(opens.plus({ days: 1 }).toMillis());
});

test('a tenant starts only if all of it and its rollback are predicted to fit', async () => {
  const opens = await nextAt(22);
  await sleepUntil(opens.plus({ minutes: 75 }));
  const fleet = await lab.start({
    waves: [{ tenants: ['a'] }],
    windows: { windows: [window('0 22 * * *', 120)], freezes: [] },
    estimate,
  });
  const waiting = await fleet.until(({ nextWindowAt }) => nextWindowAt !== undefined);
  expect(waiting.waitingFor[0]?.answer?.status).toBe('does-not-fit');
  await fleet.result();
  expect((await fleet.spans())['a']?.fromMs).toBeGreaterThanOrEqual(opens.plus({ days: 1 }).toMillis());
});

test('what was measured goes before the estimate: the second of two fits where the first would not have', async () => {
  const opens = await nextAt(22);
  await sleepUntil(opens.plus({ seconds: 10 }));
  // Without a measurement 50 minutes are taken to be needed, and only 45 are left after the first.
  const fleet = await lab.start(
    {
      waves: [{ tenants: ['a', 'b'] }],
      maxConcurrent: 1,
      windows: { windows: [window('0 22 * * *', 60)], freezes: [] },
      estimate,
    },
    { prepare: (tenant) => slow(tenant('a'), 15) },
  );
  const { progress } = await fleet.result();
  expect(progress.counts.upgraded).toBe(2);
  const { b } = await fleet.spans();
  expect(b?.toMs).toBeLessThan(opens.plus({ hours: 1 }).toMillis());
});

test('what was measured fits no window, as after an outage: the estimate counts again, and it goes on', async () => {
  const opens = await nextAt(22);
  await sleepUntil(opens.minus({ hours: 1 }));
  const hours = [5 * 60 * MINUTE_MS];
  const fleet = await lab.start(
    {
      waves: [{ tenants: ['a'] }],
      windows: { windows: [window('0 22 * * *', 60)], freezes: [] },
      estimate,
    },
    {
      state: {
        startedAt: opens.minus({ days: 1 }).toUTC().toISO() ?? '',
        startedBy: OPERATOR,
        entries: [],
        waves: [],
        measures: { stageMs: hours, switchMs: hours, rollbackMs: [] },
        journal: [],
        runs: 1,
      },
    },
  );
  const { progress } = await fleet.result();
  expect(progress.counts.upgraded).toBe(1);
  expect(progress.journal.map(({ event }) => event)).toContain('measures-dropped');
  expect((await fleet.spans())['a']?.toMs).toBeLessThan(opens.plus({ hours: 1 }).toMillis());
});

test('a freeze over a window: what it covers is not used', async () => {
  const opens = await nextAt(22);
  await sleepUntil(opens.minus({ hours: 2 }));
  const thaw = opens.startOf('day').plus({ days: 3 });
  const freezes = [{ from: opens.toISODate() ?? '', to: thaw.toISODate() ?? '', zone: ZONE, name: 'sale' }];
  const fleet = await lab.start({
    waves: [{ tenants: ['a'] }],
    windows: { windows: [window('0 22 * * *', 240)], freezes },
    estimate,
  });
  await fleet.result();
  const { a } = await fleet.spans();
  expect(a?.fromMs).toBeGreaterThanOrEqual(thaw.toMillis());
});

test.each([
  { name: 'forward', isForward: true },
  { name: 'back', isForward: false },
])('over a change of the clocks $name, the window opens by the wall clock', async ({ isForward }) => {
  const today = (await now()).startOf('day').plus({ days: 3 });
  let day = today;
  const changes = (date: DateTime): number => date.plus({ days: 1 }).offset - date.offset;
  while (Math.sign(changes(day)) !== (isForward ? 1 : -1)) day = day.plus({ days: 1 });
  const eve = day.minus({ days: 1 }).set({ hour: 22 });
  await sleepUntil(eve.plus({ seconds: 10 }));
  const fleet = await lab.start(
    {
      waves: [{ tenants: ['a', 'b'] }],
      maxConcurrent: 1,
      windows: { windows: [window('0 22 * * *', 120)], freezes: [] },
      estimate,
    },
    { prepare: (tenant) => slow(tenant('a'), 100) },
  );
  await fleet.result();
  const { b } = await fleet.spans();
  const opens = day.set({ hour: 22 }).toMillis();
  expect(opens - eve.toMillis()).toBe(DAY_MS + (isForward ? -60 : 60) * MINUTE_MS);
  expect(b?.fromMs).toBeGreaterThanOrEqual(opens);
  expect(b?.fromMs).toBeLessThan(opens + 120 * MINUTE_MS);
});

test('what was reverted is tried again by itself in a later window, as often as the file says', async () => {
  const opens = await nextAt(22);
  await sleepUntil(opens.plus({ seconds: 10 }));
  const fleet = await lab.start(
    {
      waves: [{ tenants: ['a'] }],
      windows: { windows: [window('0 22 * * *', 240)], freezes: [] },
      estimate,
      autoRetries: 1,
      retries: { transientAttempts: 3, outcomeAttempts: 1 },
    },
    { prepare: (tenant) => reverts(tenant('a')) },
  );
  const reverted = await fleet.until(({ counts }) => counts.reverted === 1);
  expect(Date.parse(reverted.attention[0]?.notBefore ?? '')).toBe(opens.plus({ hours: 4 }).toMillis());
  const { tenants } = await fleet.result();
  expect(tenants[0]).toMatchObject({ state: 'reverted', attempts: 2 });
  expect((await fleet.spans())['a']?.fromMs).toBeGreaterThanOrEqual(opens.plus({ days: 1 }).toMillis());
});
