import { commonLabels, hasLabels, labelsOf, matches } from '../../../src/domain/fleet/spec/labels.ts';
import { isSame, specDiff } from '../../../src/domain/fleet/spec/diff.ts';
import { tenantLines } from '../../../src/domain/fleet/show/tenant-lines.ts';
import { fleetSpec } from '../../support/fleet-spec.ts';

const plain = fleetSpec({ waves: [{ tenants: ['a', 'b', 'c'] }] }, { name: 'prod' });
const places = [0, 1, undefined];
const spec = {
  ...plain,
  labels: [{ tier: 'gold', region: 'eu' }, { tier: 'gold' }],
  tenants: plain.tenants.map((tenant, index) => {
    const place = places[index];
    return place === undefined ? tenant : { ...tenant, labels: place };
  }),
};
const entries = spec.tenants.map(() => null);

test('a tenant’s line has its labels; one without has none, and so has one of a fleet of an earlier release', () => {
  expect(tenantLines(spec, entries).map(({ labels }) => labels)).toEqual([
    { tier: 'gold', region: 'eu' },
    { tier: 'gold' },
    undefined,
  ]);
  expect(tenantLines(plain, entries).every((line) => !('labels' in line))).toBe(true);
});

test('a tenant must have all of the labels that are asked for', () => {
  const having = (...wanted: string[]) =>
    tenantLines(spec, entries)
      .filter(({ labels }) => hasLabels(labels, wanted))
      .map(({ tenant }) => tenant.namespace);
  expect([having(), having('tier=gold'), having('tier=gold', 'region=eu'), having('tier=')]).toEqual([
    ['a', 'b', 'c'],
    ['a', 'b'],
    ['a'],
    [],
  ]);
});

test('those are offered that most tenants have', () => {
  const all = [
    { label: 'tier=gold', tenants: 2 },
    { label: 'region=eu', tenants: 1 },
  ];
  expect([commonLabels(spec, 10), commonLabels(spec, 1), commonLabels(plain, 10)]).toEqual([
    all,
    all.slice(0, 1),
    [],
  ]);
});

test('other labels are a difference that a person is shown', () => {
  const diff = specDiff(plain, spec);
  expect(isSame(diff)).toBe(false);
  expect(diff.changed).toEqual([
    { changes: [{ what: 'labels', from: 'none', to: 'region=eu, tier=gold' }], tenants: ['sim1/a'] },
    { changes: [{ what: 'labels', from: 'none', to: 'tier=gold' }], tenants: ['sim1/b'] },
  ]);
  expect(isSame(specDiff(spec, spec))).toBe(true);
});

test('what every object has is no label', () => {
  expect(matches({ constructor: 'x' }, {})).toBe(false);
  expect(matches({ tier: ['silver', 'gold'] }, labelsOf(spec, { labels: 1 }))).toBe(true);
});
