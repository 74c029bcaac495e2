import picocolors from 'picocolors';
import { expect, test } from '@jest/globals';
import { renderFleetDiff } from '../../../src/cli/fleet/render/diff.ts';
import { applySpec } from '../../../src/domain/fleet/spec/apply.ts';
import type { FleetSpec } from '../../../src/domain/fleet/spec/spec.ts';
import { isSame, specDiff } from '../../../src/domain/fleet/spec/diff.ts';
import { pathFor } from '../../support/upgrade-input.ts';
import type { FleetOptions } from '../../support/fleet-spec.ts';
import { fleetSpec } from '../../support/fleet-spec.ts';
import { stateOf } from '../../support/fleet-stand.ts';

const WAVES = [
  { name: 'canary', tenants: ['a'] },
  { name: 'rest', tenants: ['b', 'c', 'd'] },
];
const fleet = (options: Partial<FleetOptions> = {}): FleetSpec =>
  fleetSpec({ waves: WAVES, ...options }, { name: 'prod' });
const text = (next: FleetSpec): string =>
  renderFleetDiff('prod', specDiff(fleet(), next), picocolors.createColors(false));

test('the same file changes nothing', () => {
  expect(isSame(specDiff(fleet(), fleet()))).toBe(true);
  expect(text(fleet())).toBe('Nothing to change: the fleet prod runs with this.');
});

test('tenants that come, go and change their wave are named', () => {
  const next = fleet({
    waves: [
      { name: 'canary', tenants: ['a', 'b'] },
      { name: 'rest', tenants: ['d', 'e'] },
    ],
  });
  expect(specDiff(fleet(), next)).toMatchObject({
    added: [{ name: 'sim1/e', wave: 'rest' }],
    removed: [{ name: 'sim1/c', wave: 'rest' }],
    moved: [{ name: 'sim1/b', from: 'rest', to: 'canary' }],
    changed: [],
    settings: [],
    reordered: false,
  });
  expect(text(next)).toContain('+ 1 tenant more: sim1/e (wave rest)');
  expect(text(next)).toContain('~ 1 tenant in another wave: sim1/b (rest → canary)');
});

test('tenants with the same change stand together', () => {
  const windows = { windows: [{ opens: '0 22 * * 6', durationMinutes: 240, zone: 'UTC' }], freezes: [] };
  const { changed } = specDiff(fleet(), fleet({ windows }));
  expect(changed).toEqual([
    {
      changes: [{ what: 'windows', from: 'always open', to: '"0 22 * * 6" UTC for 240 min' }],
      tenants: ['sim1/a', 'sim1/b', 'sim1/c', 'sim1/d'],
    },
  ]);
});

test('a change among many freezes is seen, though only a few are told', () => {
  const frozen = (count: number): FleetSpec =>
    fleet({
      windows: {
        windows: [],
        freezes: Array.from({ length: count }, (_, day) => ({
          from: `2026-12-1${day}`,
          to: `2026-12-1${day + 1}`,
          zone: 'UTC',
          name: 'x',
        })),
      },
    });
  const other = {
    ...frozen(6),
    windows: [{ windows: [], freezes: frozen(6).windows[0]?.freezes.toReversed() ?? [] }],
  };
  expect(specDiff(frozen(6), other).changed[0]?.changes).toEqual([
    expect.objectContaining({ what: 'windows' }),
  ]);
  const later = frozen(6).windows[0]?.freezes.with(5, {
    from: '2026-12-24',
    to: '2026-12-26',
    zone: 'UTC',
    name: 'holidays',
  });
  const moved = { ...frozen(6), windows: [{ windows: [], freezes: later ?? [] }] };
  expect(specDiff(frozen(6), moved).changed[0]?.changes).toEqual([
    { what: 'freezes', from: 'x (2026-12-15 to 2026-12-16)', to: 'holidays (2026-12-24 to 2026-12-26)' },
  ]);
});

test('limits, budgets, waves and clusters are compared by their names', () => {
  const next = fleet({
    maxConcurrent: 3,
    failureBudget: { failed: { percent: 5 }, strict: true },
    waves: [
      { name: 'canary', tenants: ['a'], soakMinutes: 60 },
      { name: 'rest', tenants: ['b', 'c', 'd'], approval: 'required', maxConcurrent: 2 },
    ],
  });
  const site = { ...next, clusters: next.clusters.map((cluster) => ({ ...cluster, site: 'eu' })) };
  expect(text(site).split('\n')).toEqual(
    expect.arrayContaining([
      '~ maxConcurrent: 10 → 3',
      expect.stringContaining('failed 5%, blocked any number, unreachable any number, strict'),
      '~ wave canary: soak: 0 min → 60 min',
      '~ wave rest: approval: none → required',
      "~ wave rest: maxConcurrent: the fleet's → 2",
      '~ 4 tenants with other settings: sim1/a, sim1/b, sim1/c, sim1/d',
      '      site: none → eu',
    ]),
  );
});

test('one cluster that is reached in two ways is compared way by way', () => {
  const twoWays = fleet({ clusters: 2, sameServer: true, clusterOf: (name) => (name === 'a' ? 1 : 0) });
  expect(isSame(specDiff(twoWays, twoWays))).toBe(true);
  const site = {
    ...twoWays,
    clusters: twoWays.clusters.map((way, at) => (at ? { ...way, site: 'eu' } : way)),
  };
  expect(isSame(specDiff(site, site))).toBe(true);
  expect(specDiff(site, twoWays)).toMatchObject({
    changed: [{ tenants: ['sim2/a'], changes: [{ what: 'site', from: 'eu', to: 'none' }] }],
    settings: [],
  });
});

test('another order is a change of its own', () => {
  const next = fleet({ waves: [WAVES[0] ?? { tenants: [] }, { name: 'rest', tenants: ['c', 'b', 'd'] }] });
  expect(specDiff(fleet(), next)).toMatchObject({ reordered: true, moved: [], changed: [] });
});

test('after a file was applied, it is what runs, also for tenants that keep their plan', () => {
  const spec = fleet();
  const next = fleet({ path: pathFor({ releaseEverywhere: true }), hash: 'ffffffffffff' });
  expect(specDiff(spec, next).changed).toHaveLength(1);
  const applied = applySpec(spec, stateOf(spec, { entries: { 0: { state: 'running' } } }), next);
  expect(isSame(specDiff(applied.spec, next))).toBe(true);
});
