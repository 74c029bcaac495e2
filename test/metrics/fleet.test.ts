/** What is told of fleets: how much of it, and what of it is said of one that stands so. */
import { expect, test } from '@jest/globals';
import { Registry } from 'prom-client';
import { fleetShape } from '../../src/domain/fleet/show/estimate.ts';
import { waitsForSomebody } from '../../src/domain/fleet/show/waits-for-somebody.ts';
import { windowCloses } from '../../src/domain/fleet/show/window-closes.ts';
import { FLEET_TENANT_STATES } from '../../src/domain/fleet/tenant/states.ts';
import { FewLabels } from '../../src/metrics/few-labels.ts';
import { fleetMetrics } from '../../src/metrics/fleet.ts';
import type { FleetSeen } from '../../src/metrics/fleet-values.ts';
import { fleetSpec } from '../support/fleet-spec.ts';
import type { StandOptions } from '../support/fleet-stand.ts';
import { MINUTE_MS, NOW_MS, standOf } from '../support/fleet-stand.ts';

type Spec = ReturnType<typeof fleetSpec>;

function seen(spec: Spec, options: StandOptions = {}): FleetSeen {
  const progress = standOf(spec, options);
  return { name: spec.name, known: { progress, shape: fleetShape(spec), attention: progress.attention } };
}

async function lines(fleets: readonly FleetSeen[], temporal = true): Promise<string[]> {
  const registry = new Registry();
  fleetMetrics(registry, () => Promise.resolve({ temporal, fleets }));
  return (await registry.metrics()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

test('10,000 tenants in 100 waves, in every state, have less than 2,000 series', async () => {
  const waves = Array.from({ length: 100 }, (_, wave) => ({
    tenants: Array.from({ length: 100 }, (__, tenant) => `t-${wave}-${tenant}`),
    failureBudget: { failed: { count: 3 } },
  }));
  const spec = fleetSpec({ waves, failureBudget: { failed: { percent: 2 } } }, { name: 'large' });
  const state = (index: number) => FLEET_TENANT_STATES[index % FLEET_TENANT_STATES.length] ?? 'pending';
  const entries = Object.fromEntries(spec.tenants.map((_, index) => [index, { state: state(index) }]));
  const series = await lines([seen(spec, { entries })]);
  expect(series.length).toBeGreaterThan(1_500);
  expect(series.length).toBeLessThan(2_000);
  expect(series.filter((line) => line.includes('t-1-'))).toEqual([]);
});

const small = fleetSpec(
  {
    waves: [{ tenants: ['one', 'two'] }, { tenants: ['three'], approval: 'required' }],
    failureBudget: { failed: { count: 2 } },
  },
  { name: 'prod' },
);

test('budget, slots and states are those of the fleet', async () => {
  const told = await lines([seen(small, { entries: { 0: { state: 'held' }, 1: { state: 'running' } } })]);
  expect(told).toEqual(
    expect.arrayContaining([
      'threescale_upgrade_fleet_tenants{fleet="prod",wave="wave-1",state="held"} 1',
      'threescale_upgrade_fleet_tenants{fleet="prod",wave="wave-2",state="pending"} 1',
      'threescale_upgrade_fleet_budget_left{fleet="prod",wave="",kind="failed"} 1',
      'threescale_upgrade_fleet_slots_used{fleet="prod"} 1',
    ]),
  );
  expect(told.filter((line) => line.includes('kind="blocked"'))).toEqual([]);
});

test('of a fleet for which nobody answers is told that, and no more', async () => {
  const told = await lines([{ name: 'prod' }]);
  expect(told).toEqual([
    'threescale_upgrade_temporal_answers 1',
    'threescale_upgrade_fleet_answers{fleet="prod"} 0',
  ]);
});

test('of a fleet that was ended from outside is not told that a worker would let it go on', async () => {
  const told = await lines([{ name: 'prod', isTerminated: true }]);
  expect(told).toEqual([
    'threescale_upgrade_temporal_answers 1',
    'threescale_upgrade_fleet_terminated{fleet="prod"} 1',
  ]);
});

test('where Temporal is away nothing is told of fleets', async () => {
  expect(await lines([], false)).toEqual(['threescale_upgrade_temporal_answers 0']);
});

test('whoever asks again at once does not have fleets asked again', async () => {
  let looks = 0;
  const registry = new Registry();
  fleetMetrics(registry, () => {
    looks += 1;
    return Promise.resolve({ temporal: true, fleets: [] });
  });
  await registry.metrics();
  await registry.metrics();
  expect(looks).toBe(1);
});

test('what waits longest is told of each reason; an approval waits since it can be given', () => {
  const progress = standOf(small, {
    entries: {
      0: { state: 'reverted', sinceMs: NOW_MS - 9 * MINUTE_MS },
      1: { state: 'reverted', sinceMs: NOW_MS - 5 * MINUTE_MS },
    },
    state: { waves: [{ startedMs: NOW_MS - 60 * MINUTE_MS, doneMs: NOW_MS - 4 * MINUTE_MS }, {}] },
  });
  expect(progress.phase).toBe('awaiting-approval');
  expect(waitsForSomebody(progress)).toEqual([
    { reason: 'reverted', sinceMs: NOW_MS - 9 * MINUTE_MS },
    { reason: 'approval', sinceMs: NOW_MS - 4 * MINUTE_MS },
  ]);
});

test('nothing waits for anybody in a fleet that has ended', () => {
  const ended = { state: 'skipped' } as const;
  const progress = standOf(small, { entries: { 0: { state: 'reverted' }, 1: ended, 2: ended } });
  expect([progress.phase, waitsForSomebody(progress)]).toEqual(['ended', []]);
});

test('the window that closes is one that is open, of a wave that runs and has work left', () => {
  const windows = {
    windows: [{ opens: '0 11 * * *', durationMinutes: 120, zone: 'UTC' }],
    freezes: [],
  };
  const spec = fleetSpec({ waves: [{ tenants: ['one'] }], windows }, { name: 'prod' });
  const shape = fleetShape(spec);
  // NOW_MS is at noon.
  const closes = (nowMs: number, state: 'running' | 'held') =>
    windowCloses(standOf(spec, { entries: { 0: { state } } }), shape, nowMs);
  expect(closes(NOW_MS, 'running')).toBe(NOW_MS + 60 * MINUTE_MS);
  expect(closes(NOW_MS + 90 * MINUTE_MS, 'running')).toBeUndefined();
  expect(closes(NOW_MS, 'held')).toBeUndefined();
});

test('a label has so many values, and the others are told together', () => {
  const labels = new FewLabels(2);
  expect(['a', 'b', 'c', 'a', 'd'].map((value) => labels.of(value))).toEqual([
    'a',
    'b',
    'others',
    'a',
    'others',
  ]);
});
