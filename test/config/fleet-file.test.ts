import { describe, expect, test } from '@jest/globals';
import { fleetJsonSchema } from '../../src/config/fleet/fleet-file.ts';
import { leftAsTheyRun } from '../../src/domain/paths/choices.ts';
import { resolveText } from '../support/fleet-files.ts';

const HEAD = 'name: prod\nclusters: {eu: {}, us: {}}\ntenants:\n';
const A = '  - {name: a, cluster: eu, namespace: a}\n';
const B = '  - {name: b, cluster: us, namespace: b}\n';

/** What the file says, and each line that must be answered. */
const CASES: readonly (readonly [name: string, text: string, ...said: string[]])[] = [
  ['nothing at all', '', 'fleet.yaml:1: name: is missing', 'fleet.yaml:1: tenants: must be a list'],
  ['no YAML', 'name: [prod\n', 'fleet.yaml:2:1 does not parse'],
  ['a key twice', 'name: prod\nname: prod\n', 'fleet.yaml:2:1 does not parse: Map keys must be unique'],
  [
    'an alias of nothing',
    'name: prod\nwindows: *night\n',
    'fleet.yaml:2:10 does not parse: the alias *night stands for nothing',
  ],
  ['an empty fleet', 'name: prod\ntenants: []\n', 'fleet.yaml:2: tenants: the fleet is empty'],
  ['all excluded', `${HEAD}${A}exclude: [a]\n`, 'fleet.yaml:5: exclude: the fleet is empty'],
  [
    'a component that there is not',
    `${HEAD}${A}components: {apicast: leave}\n`,
    'fleet.yaml:5: components.apicast: is no component; there are system-app,',
  ],
  [
    'a choice that there is not',
    `${HEAD}${A}components:\n  apicast-staging: keep\n`,
    'fleet.yaml:6: components.apicast-staging: must be follow',
  ],
  [
    'a component that cannot be left',
    `${HEAD}${A}components: {system-app: leave}\n`,
    'fleet.yaml:5: components.system-app: cannot be left: it migrates the database of the others',
  ],
  [
    'one of 3scale’s own taken along',
    `${HEAD}${A}takeAlong: {system-sidekiq: system-app}\n`,
    'fleet.yaml:5: takeAlong.system-sidekiq: is one of 3scale’s own',
  ],
  [
    'one taken along beside nothing',
    `${HEAD}${A}takeAlong: {second-gateway: gateway}\n`,
    'fleet.yaml:5: takeAlong.second-gateway: is no component',
  ],
  [
    'one taken along beside what migrates',
    `${HEAD}${A}takeAlong: {second-sidekiq: system-app}\n`,
    'fleet.yaml:5: takeAlong.second-sidekiq: cannot be system-app: that rolls alone',
  ],
  [
    'a stream that the path does not tag',
    `${HEAD}${A}replaceLatest: [amp-wildcard-router]\n`,
    'fleet.yaml:5: replaceLatest.0: is no image stream of the path',
  ],
  ['an unknown key', `${HEAD}${A}colour: red\n`, 'fleet.yaml:5: colour: Unrecognized key'],
  [
    'several mistakes at once, in the order of lines',
    `name: Prod\n${HEAD.split('\n').slice(1).join('\n')}${A}maxConcurrent: 501\n`,
    'fleet.yaml:1: name: is no name',
    'fleet.yaml:5: maxConcurrent: at most 500 may be in flight',
  ],
  [
    'a name of 64 characters',
    `${HEAD}  - {name: ${'x'.repeat(64)}, cluster: eu, namespace: a}\n`,
    'fleet.yaml:4: tenants.0.name: is no name',
  ],
  [
    'a label that is a number',
    `${HEAD}  - {cluster: eu, namespace: a, labels: {version: 2.3}}\n`,
    'fleet.yaml:4: tenants.0.labels.version: must be text: write it in quotes',
  ],
  [
    'one name twice',
    `${HEAD}${A}  - {name: a, cluster: us, namespace: b}\n`,
    'fleet.yaml:5: tenants.1.name: the name a is taken: use another (see line 4)',
  ],
  [
    'two names for one namespace, through two contexts',
    `${HEAD}${A}  - {name: b, context: eu2, namespace: a}\n`,
    'fleet.yaml:5: tenants.1.namespace: api.eu.example.com:6443/a is listed already, as a',
    '(see line 4)',
  ],
  [
    'a cluster without an entry',
    `${HEAD}  - {cluster: asia, namespace: a}\n`,
    'fleet.yaml:4: tenants.0.cluster: there is no cluster asia under clusters (it has: eu, us)',
  ],
  ['no cluster', `${HEAD}  - {namespace: a}\n`, 'fleet.yaml:4: tenants.0: names no cluster: add cluster:'],
  [
    'a cluster and a context',
    `${HEAD}  - {cluster: eu, context: us, namespace: a}\n`,
    'fleet.yaml:4: tenants.0: has both cluster and context',
  ],
  [
    'a context that has an entry',
    `${HEAD}  - {context: eu, namespace: a}\n`,
    'fleet.yaml:4: tenants.0.context: eu has an entry under clusters: write cluster: eu',
  ],
  [
    'a site that nobody knows here, without server',
    'name: prod\nclusters:\n  far: {site: far}\ntenants:\n  - {cluster: far, namespace: a}\n',
    'fleet.yaml:3: clusters.far: no context far',
    'server: <host:port of its API server>',
  ],
  [
    'a server that is another one',
    `name: prod\nclusters:\n  eu: {server: api.other.example.com}\ntenants:\n${A}`,
    'fleet.yaml:3: clusters.eu.server: api.other.example.com is not where context eu leads to',
  ],
  [
    'a server that is no address',
    `name: prod\nclusters:\n  eu: {server: 'http://x'}\ntenants:\n${A}`,
    'fleet.yaml:3: clusters.eu.server: is no address of an API server',
  ],
  [
    'an unknown tenant left out',
    `${HEAD}${A}exclude: [z]\n`,
    'fleet.yaml:5: exclude.0: there is no tenant z',
  ],
  [
    'an unknown tenant in a wave',
    `${HEAD}${A}waves:\n  - {name: w, select: {tenants: [a, z]}}\n`,
    'fleet.yaml:6: waves.0.select.tenants.1: there is no tenant z',
  ],
  [
    'an excluded tenant in a wave',
    `${HEAD}${A}${B}exclude: [b]\nwaves:\n  - {name: w, select: {tenants: [a, b]}}\n`,
    'fleet.yaml:8: waves.0.select.tenants.1: b is excluded',
  ],
  [
    'a selector that matches twice',
    `${HEAD}${A}waves:\n  - {name: one, select: {tenants: [a]}}\n  - {name: two, select: {tenants: [eu/a]}}\n`,
    'fleet.yaml:7: waves.1.select: a is selected by wave one already, and by wave two again',
    '(see line 6)',
  ],
  [
    'a tenant in no wave',
    `${HEAD}${A}${B}waves:\n  - {name: one, select: {count: 1}}\n`,
    'fleet.yaml:6: waves: 1 tenant is in no wave (b): add a wave with select: {rest: true}, or exclude them',
  ],
  [
    'two waves of one name',
    `${HEAD}${A}${B}waves:\n  - {name: w, select: {count: 1}}\n  - {name: w, select: {rest: true}}\n`,
    'fleet.yaml:8: waves.1.name: the name w is taken',
  ],
  [
    'two selectors in one wave',
    `${HEAD}${A}waves:\n  - {name: w, select: {count: 1, rest: true}}\n`,
    'fleet.yaml:6: waves.0.select: needs exactly one of',
  ],
  [
    'three decimals of a percent',
    `${HEAD}${A}waves:\n  - {name: w, select: {percent: 0.125}}\n`,
    'fleet.yaml:6: waves.0.select.percent: must be more than 0 and at most 100',
  ],
  [
    'a budget over 100%',
    `${HEAD}${A}failureBudget: {failed: '101%'}\n`,
    'fleet.yaml:5: failureBudget.failed: must be a number of tenants, or 0% to 100%',
  ],
  [
    'a budget below none',
    `${HEAD}${A}failureBudget: {failed: -1}\n`,
    'fleet.yaml:5: failureBudget.failed: must be a number of tenants, or 0% to 100%',
  ],
  [
    'a wave larger than its strict budget allows',
    `${HEAD}${A}${B}waves:\n  - {name: w, select: {rest: true}, failureBudget: {failed: '49%', strict: true}}\n`,
    'fleet.yaml:7: waves.0.failureBudget.failed: of the 2 tenants of wave w none may fail, and the budget is strict',
  ],
  [
    'a cron line that never fires',
    `${HEAD}${A}windows:\n  - {opens: '0 3 30 2 *', durationMinutes: 240, zone: UTC}\n`,
    'fleet.yaml:6: windows.0: window "0 3 30 2 *" never opens: there is no such day in its month',
  ],
  [
    'a zone that is none, on a cluster',
    `name: prod\nclusters:\n  eu:\n    windows:\n      - {opens: '0 3 * * *', durationMinutes: 240, zone: Europe/Bärlin}\ntenants:\n${A}`,
    'fleet.yaml:5: clusters.eu.windows.0: window "0 3 * * *": "Europe/Bärlin" is no known time zone',
  ],
  [
    'a window shorter than a tenant and its rollback need',
    `${HEAD}${A}windows:\n  - {opens: '0 3 * * *', durationMinutes: 69, zone: UTC}\n`,
    'fleet.yaml:5: windows: no window',
    'stays open for the 70 minutes needed',
  ],
  [
    'a freeze over every window of a tenant',
    `${HEAD}  - {cluster: eu, namespace: a, freezes: [{from: 2026-01-01, to: 2036-01-01, zone: UTC}]}\nwindows: [{opens: '0 3 * * *', durationMinutes: 240, zone: UTC}]\n`,
    'fleet.yaml:4: tenants.0.freezes: no window ("0 3 * * *" UTC for 240 min) opens within two years outside the freezes',
  ],
  [
    'windows and freezes that exclude each other',
    `${HEAD}${A}windows:\n  - {opens: '0 0 1 1 *', durationMinutes: 240, zone: UTC}\nfreezes:\n  - {from: 2026-12-20, to: 2027-01-07, zone: UTC}\n  - {from: 2027-12-20, to: 2028-01-07, zone: UTC}\n`,
    'fleet.yaml:5: windows: no window ("0 0 1 1 *" UTC for 240 min) opens within two years outside the freezes',
  ],
  [
    'a freeze without a zone',
    `${HEAD}${A}freezes:\n  - {from: 2026-12-20, to: 2027-01-07}\n`,
    'fleet.yaml:6: freezes.0.zone: is missing',
  ],
  [
    'a calendar in no zone',
    `${HEAD}${A}freezes:\n  - {calendar: freezes.ics, zone: Europe/Bärlin}\n`,
    'fleet.yaml:6: freezes.0.zone: is no known time zone',
  ],
  [
    'a zone that means several',
    `${HEAD}${A}freezes:\n  - {calendar: freezes.ics, zone: PST}\n`,
    'fleet.yaml:6: freezes.0.zone: is no IANA time zone, and means several: write America/Los_Angeles or Asia/Manila',
  ],
  [
    'a calendar that is not there',
    `${HEAD}  - {cluster: eu, namespace: a, freezes: [{calendar: gone.ics}]}\n`,
    'fleet.yaml:4: tenants.0.freezes.0.calendar: gone.ics cannot be read: ENOENT; name a file that is there',
  ],
  [
    'a calendar with dates',
    `${HEAD}${A}freezes:\n  - {calendar: freezes.ics, from: 2026-12-20}\n`,
    'fleet.yaml:6: freezes.0.from: Unrecognized key: "from"',
  ],
  ['an unknown path', `${HEAD}${A}path: 2.3-2.9\n`, 'fleet.yaml:5: path: there is no upgrade path 2.3-2.9'],
  [
    'an image that is none',
    `${HEAD}${A}images: {system: not an image}\n`,
    'fleet.yaml:5: images.system: is no image reference',
  ],
];

test.each(CASES)('says all that is wrong, with its line: %s', (_name, text, ...said) => {
  let message = '';
  try {
    resolveText(text);
  } catch (error) {
    message = error instanceof Error ? error.message : '';
  }
  expect(said.filter((part) => !message.includes(part)).map((part) => [part, message])).toEqual([]);
});

test('10,001 tenants are too many, 10,000 are not', () => {
  const tenants = (count: number): string =>
    HEAD + Array.from({ length: count }, (_, n) => `  - {cluster: eu, namespace: n${n}}\n`).join('');
  expect(() => resolveText(tenants(10_001))).toThrow('fleet.yaml:3: tenants: 10001 tenants are more than');
  expect(resolveText(tenants(10_000)).resolution.status).toBe('resolved');
});

describe('warns, with its line, of', () => {
  test.each([
    [
      'a wave that selects nobody',
      'waves: [{name: x, select: {labels: {t: x}}}, {name: y, select: {rest: true}}]',
      'fleet.yaml:6: waves.0.select: wave x selects nobody',
    ],
    [
      'more slots than a strict budget lets start',
      'failureBudget: {failed: 1, strict: true}',
      'lets no more than 1 be in flight',
    ],
    [
      'a budget that can never be exceeded',
      'failureBudget: {failed: 2}',
      'fleet.yaml:6: failureBudget.failed: the fleet has 2 tenants: this budget can never',
    ],
    [
      'labels that nobody has',
      'exclude: [{labels: {t: x}}]',
      'fleet.yaml:6: exclude.0: no tenant has these labels',
    ],
  ])('%s', (_name, line, said) => {
    expect(resolveText(`${HEAD}${A}${B}${line}\n`).said).toEqual([expect.stringContaining(said)]);
  });
});

test('what is not as the vendor has it is chosen for all, and for one: the most specific word counts', () => {
  const text =
    'name: prod\nclusters: {eu: {}}\ncomponents: {apicast-staging: leave}\nreplaceLatest: [amp-system]\ntenants:\n' +
    '  - {name: a, cluster: eu, namespace: a}\n' +
    '  - {name: b, cluster: eu, namespace: b, components: {apicast-staging: follow}, takeAlong: {own: system-sidekiq}}\n';
  const { resolution } = resolveText(text);
  if (resolution.status === 'problems') throw new Error('it resolves');
  const { paths, profiles, tenants } = resolution.spec;
  const stepsOf = (name: string) => {
    const profile = profiles[tenants.find((tenant) => tenant.name === name)?.profile ?? -1];
    return paths[profile?.path ?? -1]?.steps ?? [];
  };
  expect(leftAsTheyRun(stepsOf('a'))).toEqual(['apicast-staging']);
  expect(leftAsTheyRun(stepsOf('b'))).toEqual([]);
  const ids = stepsOf('b').map(({ id }) => id);
  expect(ids).toEqual(expect.arrayContaining(['follow-apicast-staging', 'roll-out-own']));
  for (const name of ['a', 'b'])
    expect(stepsOf(name).find(({ id }) => id === 'tag-amp-system')).toMatchObject({ replacesLatest: true });
});

test('warns of one API server under two limits', () => {
  const file = (limit: string): string =>
    `name: prod\nclusters: {eu: {maxConcurrent: 2}, eu2: {maxConcurrent: ${limit}}}\ntenants:\n` +
    '  - {cluster: eu, namespace: a}\n  - {cluster: eu2, namespace: b}\n';
  expect(resolveText(file('3')).said).toEqual([
    expect.stringMatching(/^fleet\.yaml:5: tenants\.1: api\.eu\.example\.com:6443 is reached in two ways/),
  ]);
  expect(resolveText(file('2')).said).toEqual([]);
});

test('the JSON schema knows every key, and says what it is for', () => {
  const schema = fleetJsonSchema() as { properties: Record<string, object>; required: string[] };
  expect(Object.keys(schema.properties)).toEqual(
    expect.arrayContaining(['name', 'waves', 'onClose', 'order']),
  );
  expect(schema.required).toEqual(['name', 'tenants']);
  expect(schema.properties['maxConcurrent']).toMatchObject({ default: 10, maximum: 500 });
});
