import { describe, expect, test } from '@jest/globals';
import { estimateEnd, fleetShape } from '../../src/domain/fleet/show/estimate.ts';
import type { FleetSpec } from '../../src/domain/fleet/spec/spec.ts';
import type { FleetOptions } from '../support/fleet-spec.ts';
import { fleetSpec } from '../support/fleet-spec.ts';
import type { StandOptions } from '../support/fleet-stand.ts';
import { MINUTE_MS, NOW_MS, standOf } from '../support/fleet-stand.ts';

/** 10 minutes to stage, 30 to switch, 30 to roll back. */
const named = (count: number): string[] => Array.from({ length: count }, (_, number) => `t${number + 1}`);
const fleet = (options: FleetOptions): FleetSpec => fleetSpec(options, { name: 'prod' });
const end = (spec: FleetSpec, options: StandOptions = {}) =>
  estimateEnd(standOf(spec, options), fleetShape(spec), NOW_MS);

test('what is left, divided by how many may be in flight', () => {
  const spec = fleet({ waves: [{ tenants: named(20) }], maxConcurrent: 5 });
  expect(end(spec)).toEqual({ kind: 'at', ms: NOW_MS + 4 * 40 * MINUTE_MS, provided: [] });
});

test('what is done takes no more time', () => {
  const spec = fleet({ waves: [{ tenants: named(20) }], maxConcurrent: 5 });
  const entries = Object.fromEntries(named(15).map((_, place) => [place, { state: 'upgraded' } as const]));
  expect(end(spec, { entries })).toMatchObject({ ms: NOW_MS + 40 * MINUTE_MS });
});

test('a cluster, a wave and a cluster of its own limit how many are in flight', () => {
  const waves = [{ tenants: named(20) }];
  const perCluster = fleet({
    waves,
    maxConcurrentPerCluster: 2,
    clusters: 2,
    clusterOf: (name) => (name < 't2' ? 0 : 1),
  });
  expect(end(perCluster)).toMatchObject({ ms: NOW_MS + 5 * 40 * MINUTE_MS });
  const perWave = fleet({ waves: [{ tenants: named(20), maxConcurrent: 1 }] });
  expect(end(perWave)).toMatchObject({ ms: NOW_MS + 20 * 40 * MINUTE_MS });
});

test('waves come one after the other, with the soak between them', () => {
  const spec = fleet({
    waves: [
      { tenants: ['a'], soakMinutes: 60 },
      { tenants: ['b'], soakMinutes: 600 },
    ],
  });
  expect(end(spec)).toMatchObject({ ms: NOW_MS + (40 + 60 + 40) * MINUTE_MS });
});

test('an approval that is missing is a condition', () => {
  const spec = fleet({ waves: [{ tenants: ['a'] }, { name: 'eu', tenants: ['b'], approval: 'required' }] });
  expect(end(spec)).toMatchObject({ provided: ['wave eu is approved as soon as it may be'] });
});

describe('with a window of two hours every Saturday', () => {
  const windows = { windows: [{ opens: '0 22 * * 6', durationMinutes: 120, zone: 'UTC' }], freezes: [] };
  const saturdays = ['2026-11-28T22:00:00Z', '2026-12-05T22:00:00Z'].map((at) => Date.parse(at));

  test('all that fit one are done in the first', () => {
    // 70 minutes are needed: a start at 22:00 and one at 22:40 still fit.
    const spec = fleet({ waves: [{ tenants: named(4) }], maxConcurrent: 2, windows });
    expect(end(spec)).toMatchObject({ ms: (saturdays[0] ?? 0) + 80 * MINUTE_MS });
  });

  test('the others are done in the next', () => {
    const spec = fleet({ waves: [{ tenants: named(6) }], maxConcurrent: 2, windows });
    expect(end(spec)).toMatchObject({ ms: (saturdays[1] ?? 0) + 40 * MINUTE_MS });
  });

  test('a freeze over one pushes it to the next', () => {
    const freezes = [{ from: '2026-11-27', to: '2026-11-30', zone: 'UTC' }];
    const spec = fleet({ waves: [{ tenants: ['a'] }], windows: { ...windows, freezes } });
    expect(end(spec)).toMatchObject({ ms: (saturdays[1] ?? 0) + 40 * MINUTE_MS });
  });
});

describe('it is unknown', () => {
  const spec = fleet({ waves: [{ tenants: ['a', 'b'] }] });
  test.each([
    [
      'while the fleet is paused',
      { state: { paused: { by: 'otto', why: 'x', since: '2026-11-25T11:00:00Z' } } },
      'paused by otto',
    ],
    [
      'while it is halted',
      { state: { halted: { sinceMs: NOW_MS, why: 'too many failed' } } },
      'too many failed',
    ],
    [
      'where only held tenants are left',
      { entries: { 0: { state: 'upgraded' }, 1: { state: 'held' } } },
      'needs somebody',
    ],
  ] as const satisfies readonly (readonly [string, StandOptions, string])[])('%s', (_, options, why) => {
    expect(end(spec, options)).toEqual({ kind: 'unknown', why: expect.stringContaining(why) });
  });

  test('where no window is long enough', () => {
    const windows = { windows: [{ opens: '0 22 * * 6', durationMinutes: 30, zone: 'UTC' }], freezes: [] };
    expect(end(fleet({ waves: [{ tenants: ['a'] }], windows }))).toEqual({
      kind: 'unknown',
      why: expect.stringContaining('no window'),
    });
  });
});
