import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { estimateMinutes } from '../../../src/domain/fleet/file/estimate-fleet.ts';
import { at } from '../../../src/domain/fleet/spec/spec.ts';
import { resolveText, specOf, wavesOf } from '../../support/fleet-files.ts';

const HEAD = 'name: prod\nclusters: {eu: {}, us: {}}\n';
const tenants = (...names: string[]): string =>
  `tenants:\n${names.map((name) => `  - {name: ${name}, cluster: ${name.startsWith('u') ? 'us' : 'eu'}, namespace: ${name}, labels: {tier: '${name.at(-1)}'}}\n`).join('')}`;

test('waves that name their tenants get them before those that share the rest', () => {
  const spec = specOf(
    `${HEAD}${tenants('e1', 'e2', 'e3', 'u1', 'u2', 'u9')}waves:
  - {name: half, select: {percent: 50}}
  - {name: one, select: {count: 1}}
  - {name: rest, select: {rest: true}}
  - {name: last, select: {labels: {tier: ['9', '8']}}}
  - {name: listed, select: {tenants: [us/u1]}}
exclude: [{labels: {tier: '3'}}]
`,
  );
  expect(wavesOf(spec)).toEqual({ half: ['e1', 'e2'], one: ['u2'], rest: [], last: ['u9'], listed: ['u1'] });
});

test('a percentage of the rest is rounded up, without errors of floating point', () => {
  const names = Array.from({ length: 100 }, (_, n) => `e${n}`);
  const first = (percent: number): number | undefined =>
    specOf(
      `${HEAD}${tenants(...names)}waves: [{name: a, select: {percent: ${percent}}}, {name: b, select: {rest: true}}]`,
    ).waves[0]?.tenants;
  expect([0.01, 1, 1.01, 7, 29, 57, 100].map(first)).toEqual([1, 1, 2, 7, 29, 57, 100]);
});

test.each([
  ['listed', ['e2', 'e1', 'u2', 'u1']],
  ['name', ['e1', 'e2', 'u1', 'u2']],
  ['spread', ['e2', 'u2', 'e1', 'u1']],
])('order %s', (order, names) => {
  expect(wavesOf(specOf(`${HEAD}${tenants('e2', 'e1', 'u2', 'u1')}order: ${order}`))).toEqual({ all: names });
});

test('the most specific setting wins, images key by key, and freezes add up', () => {
  const spec = specOf(`name: prod
images: {system: fleet.example.com/system, zync: fleet.example.com/zync}
onFailure: hold
freezes: [{from: 2026-12-20, to: 2027-01-07, zone: UTC, name: holidays}]
windows: [{opens: '0 1 * * *', durationMinutes: 240, zone: UTC}]
clusters:
  eu:
    images: {system: eu.example.com/system}
    freezes: [{from: 2027-02-01, to: 2027-02-02, zone: UTC}]
tenants:
  - {cluster: eu, namespace: a}
  - {cluster: eu, namespace: b, onFailure: revert, onClose: finish-tenant, windows: []}
  - {cluster: eu, namespace: c}
`);
  expect(spec.tenants.map(({ profile }) => profile)).toEqual([0, 1, 0]);
  expect([spec.paths.length, spec.windows.length]).toEqual([1, 2]);
  const path = JSON.stringify(at(spec.paths, 0));
  expect(path).toContain('eu.example.com/system');
  expect(path).toContain('fleet.example.com/zync');
  expect(path).not.toContain('fleet.example.com/system');
  expect(spec.windows.map(({ windows, freezes }) => [windows.length, freezes.length])).toEqual([
    [1, 2],
    [0, 2],
  ]);
  expect(spec.profiles.map(({ onFailure, onClose }) => [onFailure, onClose])).toEqual([
    ['hold', 'finish-step'],
    ['revert', 'finish-tenant'],
  ]);
});

const YEARLY = `BEGIN:VCALENDAR
BEGIN:VEVENT
UID:1
SUMMARY:inventory
DTSTART;VALUE=DATE:20201220
DTEND;VALUE=DATE:20210107
RRULE:FREQ=YEARLY
END:VEVENT
END:VCALENDAR
`;

describe('a calendar of freezes', () => {
  const text = `${HEAD}${tenants('e1', 'u1')}freezes:
  - {from: 2026-12-01, to: 2026-12-02, zone: UTC}
  - {calendar: freezes.ics, zone: Europe/Berlin}
`;
  const calendars = { 'freezes.ics': YEARLY };

  test('is written out in the spec, beside the freezes with dates', () => {
    const { windows } = specOf(text, { calendars });
    const inventory = { zone: 'Europe/Berlin', name: 'inventory' };
    expect(windows).toEqual([
      {
        windows: [],
        freezes: [
          { from: '2026-12-01', to: '2026-12-02', zone: 'UTC' },
          { from: '2026-12-20', to: '2027-01-07', ...inventory },
          { from: '2027-12-20', to: '2028-01-07', ...inventory },
          { from: '2028-12-20', to: '2029-01-07', ...inventory },
        ],
      },
    ]);
  });

  test('another content is another file, another day of reading is not', () => {
    const nowMs = Date.parse('2027-06-01');
    const { hash } = specOf(text, { calendars });
    const later = specOf(text, { calendars, nowMs });
    expect(later.hash).toBe(hash);
    expect(later.windows[0]?.freezes[1]?.from).toBe('2027-12-20');
    const changed = { 'freezes.ics': YEARLY.replace('20201220', '20201219') };
    expect(specOf(text, { calendars: changed }).hash).not.toBe(hash);
  });

  test('what is wrong with it is said beside all else, with both lines', () => {
    const broken = { 'freezes.ics': YEARLY.replace('20201220', '20201341') };
    expect(() => specOf(`${text}exclude: [z]\n`, { calendars: broken })).toThrow(
      /^fleet.yaml:8: freezes.1.calendar: freezes.ics:2: the event "inventory" has no time in DTSTART.*\nfleet.yaml:9: exclude.0/,
    );
    expect(() => specOf(text)).toThrow(
      'fleet.yaml:8: freezes.1.calendar: freezes.ics cannot be read: ENOENT',
    );
  });

  test('one without an event ahead is worth a word', () => {
    const over = { 'freezes.ics': YEARLY.replace('RRULE:FREQ=YEARLY', 'COMMENT:once') };
    expect(resolveText(text, { calendars: over }).said).toEqual([
      'fleet.yaml:8: freezes.1.calendar: no event of freezes.ics lies ahead: it freezes nothing',
    ]);
  });

  test('can shut every window, as dates can', () => {
    const yearly = `${text}windows: [{opens: '0 1 24 12 *', durationMinutes: 240, zone: UTC}]\n`;
    expect(() => specOf(yearly, { calendars })).toThrow('fleet.yaml:9: windows: no window ("0 1 24 12 *"');
  });
});

test('a site is resolved by its server, the same as a kubeconfig would name it', () => {
  const { clusters } = specOf(`name: prod
clusters: {far: {server: 'https://API.far.example.com:443', site: lyon, maxConcurrent: 2}}
tenants: [{cluster: far, namespace: a}]
`);
  expect(clusters).toEqual([
    { cluster: 'api.far.example.com', context: 'far', site: 'lyon', maxConcurrent: 2 },
  ]);
});

test('the hash follows what the file means, not how it is written', () => {
  const hash = (text: string): string => specOf(text).hash;
  const text = `${HEAD}${tenants('e1')}`;
  expect(hash(`${text}# why\n`)).toBe(hash(text));
  expect(hash(`${tenants('e1')}${HEAD}maxConcurrent: 10\n`)).toBe(hash(text));
  expect(hash(`${text}maxConcurrent: 11\n`)).not.toBe(hash(text));
});

test('the estimate fills the slots of fleet, wave and cluster, and adds what lies between waves', () => {
  const spec = specOf(`${HEAD}${tenants('e1', 'e2', 'e3', 'u1')}maxConcurrentPerCluster: 2
estimate: {stageMinutes: 10, switchMinutes: 20}
waves: [{name: a, select: {tenants: [e1]}, soakMinutes: 60}, {name: b, select: {rest: true}, maxConcurrent: 1, soakMinutes: 99}]
`);
  expect(estimateMinutes(spec)).toBe(30 + 60 + 3 * 30);
});

const SELECT = fc.oneof(
  fc.record({ count: fc.integer({ min: 1, max: 5 }) }),
  fc.record({ percent: fc.integer({ min: 1, max: 10_000 }).map((part) => part / 100) }),
);

test('waves part the tenants: each one is in exactly one of them', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('x', 'y', 'z', 'none'), { minLength: 1, maxLength: 30 }),
      fc.array(SELECT, { maxLength: 4 }),
      fc.subarray(['x', 'y', 'z']),
      fc.constantFrom('listed', 'name', 'spread'),
      (tiers, shares, tiersOfWaves, order) => {
        const names = tiers.map((_, n) => `t${n}`);
        const spec = specOf(
          stringify({
            name: 'prod',
            clusters: { eu: {}, us: {} },
            tenants: tiers.map((tier, n) => ({
              name: `t${n}`,
              cluster: n % 3 === 0 ? 'us' : 'eu',
              namespace: `t${n}`,
              labels: { tier },
            })),
            waves: [
              ...shares.map((select, n) => ({ name: `share-${n}`, select })),
              ...tiersOfWaves.map((tier) => ({ name: tier, select: { labels: { tier } } })),
              { name: 'rest', select: { rest: true } },
            ],
            order,
          }),
        );
        const waves = wavesOf(spec);
        expect(Object.values(waves).flat().sort()).toEqual([...names].sort());
        for (const tier of tiersOfWaves) {
          expect([...(waves[tier] ?? [])].sort()).toEqual(names.filter((_, n) => tiers[n] === tier).sort());
        }
      },
    ),
    { numRuns: 100 },
  );
});
