import { abortFleetSignal, pauseFleetSignal, resumeFleetSignal } from '../../workflows/fleet/messages.ts';
import { pauseSignal, resumeSignal, retryUpdate } from '../../workflows/tenant/messages.ts';
import type { StartedFleet } from '../support/fleet-lab.ts';
import { FleetLab } from '../support/fleet-lab.ts';
import { CROSSING, heals, holds, reverts, slow, unreachable } from '../support/fleet-trouble.ts';
import { OPERATOR } from '../support/upgrade-input.ts';

let lab: FleetLab;

beforeAll(async () => {
  lab = await FleetLab.open();
});

afterAll(() => lab.close());

const retries = { transientAttempts: 3, outcomeAttempts: 1, unreachableAttempts: 1 };

/** Tenants in every state: staging, past the point of no return, held, unreachable, reverted, and not started. */
async function inEveryState(): Promise<StartedFleet> {
  const fleet = await lab.start(
    {
      waves: [{ tenants: ['held', 'gone', 'failed', 'staging', 'late', 'fresh'] }],
      maxConcurrent: 2,
      retries,
    },
    {
      prepare: (tenant) => {
        holds(tenant('held'));
        unreachable(tenant('gone'));
        reverts(tenant('failed'));
        slow(tenant('staging'), 60);
        slow(tenant('late'), 60, CROSSING);
      },
    },
  );
  await fleet.until(({ counts }) => counts.running === 2 && counts.held === 1 && counts.reverted === 1, '1s');
  // It is at work from the moment it has a slot; what is said to it is to meet it where it crosses.
  while (!(await fleet.tenantProgress('late')).mayBePastPointOfNoReturn) await lab.sleep('1s');
  return fleet;
}

test('a pause reaches children in every state, and the fleet says when all have stopped', async () => {
  const fleet = await inEveryState();
  await fleet.handle.signal(pauseFleetSignal, OPERATOR);
  expect((await fleet.progress()).phase).toBe('pausing');
  const paused = await fleet.until(({ phase }) => phase === 'paused', '1 minute');
  expect(paused.stoppedAt).toBeDefined();
  expect(paused.journal.map(({ event }) => event)).toContain('stopped');
  const writes = (): number[] =>
    ['staging', 'late', 'fresh', 'gone', 'held'].map((name) => fleet.tenant(name).installation.writes.length);
  const before = writes();
  await lab.sleep('5 days');
  expect(writes()).toEqual(before);
  expect(await fleet.states()).toMatchObject({ fresh: 'pending', held: 'held' });
  for (const name of ['staging', 'late']) {
    expect((await fleet.tenantProgress(name)).paused).toMatchObject(OPERATOR);
  }
  // What was held is mended meanwhile: it does not go on before the pause ends.
  heals(fleet.tenant('held'));
  heals(fleet.tenant('gone'));
  await fleet.handle.signal(resumeFleetSignal, OPERATOR);
  await fleet.until(({ counts }) => counts.upgraded >= 3, '1 minute');
  const held = lab.upgrade(fleet.spec, fleet.spec.tenants[0]?.namespace ?? '');
  await held.executeUpdate(retryUpdate, { args: [OPERATOR] });
  const { progress } = await fleet.result();
  expect(progress.counts).toMatchObject({ upgraded: 5, reverted: 1 });
});

test('what changes nothing stands in the report as well, with its reason', async () => {
  const fleet = await lab.start({ waves: [{ tenants: ['a', 'b'], approval: 'required' }] });
  const otto = { by: 'otto', why: 'me too' };
  for (const signal of [resumeFleetSignal, pauseFleetSignal]) await fleet.handle.signal(signal, OPERATOR);
  await fleet.handle.signal(pauseFleetSignal, otto);
  for (const actor of [OPERATOR, otto])
    await fleet.handle.signal(abortFleetSignal, { ...actor, kind: 'finish' });
  const { progress } = await fleet.result();
  const said = progress.journal.filter(({ actor }) => actor && [OPERATOR.by, otto.by].includes(actor.by));
  expect(said).toMatchObject([
    { event: 'started' },
    { event: 'resumed', actor: OPERATOR, detail: 'it was neither paused nor halted' },
    { event: 'paused', actor: OPERATOR },
    { event: 'paused', actor: otto, detail: `it was paused already, by ${OPERATOR.by}` },
    { event: 'abort-requested', actor: OPERATOR, detail: 'finish' },
    { event: 'abort-requested', actor: otto },
  ]);
});

test('a pause of the new only lets go on what is under way', async () => {
  const fleet = await lab.start(
    { waves: [{ tenants: ['a', 'b'] }], maxConcurrent: 1 },
    { prepare: (tenant) => slow(tenant('a'), 30) },
  );
  await fleet.until(({ counts }) => counts.running === 1, '1s');
  await fleet.handle.signal(pauseFleetSignal, { ...OPERATOR, newOnly: true });
  await fleet.until(({ counts }) => counts.upgraded === 1, '1 minute');
  await lab.sleep('1 day');
  expect(await fleet.states()).toEqual({ a: 'upgraded', b: 'pending' });
  await fleet.handle.signal(resumeFleetSignal, OPERATOR);
  expect((await fleet.result()).progress.counts.upgraded).toBe(2);
});

test('a tenant that somebody has paused stays so through pauses of the fleet, which hears of it each time', async () => {
  const otto = { by: 'otto', why: 'looks odd' };
  const fleet = await lab.start(
    { waves: [{ tenants: ['own', 'other'] }] },
    {
      prepare: (tenant) => {
        for (const name of ['own', 'other']) slow(tenant(name), 60);
      },
    },
  );
  await fleet.until(({ counts }) => counts.running === 2, '1s');
  const own = lab.upgrade(fleet.spec, fleet.spec.tenants[0]?.namespace ?? '');
  await own.signal(pauseSignal, otto);
  for (const why of ['lunch', 'dinner']) {
    await fleet.handle.signal(pauseFleetSignal, { ...OPERATOR, why });
    await fleet.until(({ phase }) => phase === 'paused', '1 minute');
    await fleet.handle.signal(resumeFleetSignal, OPERATOR);
    await lab.sleep('1 minute');
  }
  expect((await fleet.tenantProgress('own')).paused).toMatchObject(otto);
  await own.signal(resumeSignal, otto);
  expect((await fleet.result()).progress.counts.upgraded).toBe(2);
});

test('while its fleet is paused, one that somebody lets go on of his own pause stays stopped', async () => {
  const otto = { by: 'otto', why: 'looks odd' };
  const fleet = await lab.start(
    { waves: [{ tenants: ['own'] }] },
    { prepare: (tenant) => slow(tenant('own'), 60) },
  );
  await fleet.until(({ counts }) => counts.running === 1, '1s');
  const own = lab.upgrade(fleet.spec, fleet.spec.tenants[0]?.namespace ?? '');
  await own.signal(pauseSignal, otto);
  await fleet.handle.signal(pauseFleetSignal, OPERATOR);
  await fleet.until(({ phase }) => phase === 'paused', '1 minute');
  await own.signal(resumeSignal, otto);
  await lab.sleep('1 day');
  expect((await fleet.tenantProgress('own')).paused).toMatchObject(OPERATOR);
  await fleet.handle.signal(resumeFleetSignal, OPERATOR);
  expect((await fleet.result()).progress.counts.upgraded).toBe(1);
});

test('a fleet paused before its first tenant: nothing starts, and all have stopped at once', async () => {
  const fleet = await lab.start({ waves: [{ tenants: ['a'], approval: 'required' }] });
  await fleet.handle.signal(pauseFleetSignal, OPERATOR);
  const { stoppedAt } = await fleet.until(({ phase }) => phase === 'paused');
  expect(stoppedAt).toBeDefined();
  await fleet.handle.signal(abortFleetSignal, { ...OPERATOR, kind: 'finish' });
  expect((await fleet.result()).progress.counts.skipped).toBe(1);
});

test('aborted to finish: what is under way ends as it should, nothing new starts', async () => {
  const fleet = await inEveryState();
  await fleet.handle.signal(abortFleetSignal, { ...OPERATOR, kind: 'finish' });
  await fleet.result();
  expect(await fleet.states()).toMatchObject({
    held: 'held',
    failed: 'reverted',
    fresh: 'skipped',
    staging: 'upgraded',
    late: 'upgraded',
  });
});

test('aborted to revert: what can be undone is undone, what is past the point of no return is finished', async () => {
  const fleet = await inEveryState();
  await fleet.until(({ counts }) => counts.running === 2, '1s');
  await fleet.handle.signal(abortFleetSignal, { ...OPERATOR, kind: 'revert' });
  const { progress } = await fleet.result();
  const states = await fleet.states();
  expect(states).toMatchObject({ held: 'held', fresh: 'skipped', staging: 'aborted', late: 'upgraded' });
  expect(progress.ending).toMatchObject({ kind: 'revert', by: OPERATOR.by });
  const { backup } = { backup: fleet.tenant('staging').installation };
  expect([...backup.deploymentConfigs.values()].some(({ paused }) => paused)).toBe(false);
});

test('an abort ends a pause', async () => {
  const fleet = await lab.start(
    { waves: [{ tenants: ['a', 'b'] }], maxConcurrent: 1 },
    { prepare: (tenant) => slow(tenant('a'), 30) },
  );
  await fleet.until(({ counts }) => counts.running === 1, '1s');
  await fleet.handle.signal(pauseFleetSignal, OPERATOR);
  await fleet.until(({ phase }) => phase === 'paused', '1 minute');
  await fleet.handle.signal(abortFleetSignal, { ...OPERATOR, kind: 'finish' });
  expect((await fleet.result()).progress.counts).toMatchObject({ upgraded: 1, skipped: 1 });
});
