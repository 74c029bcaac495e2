import { setLimitsUpdate } from '../../workflows/fleet/messages.ts';
import { FleetLab, mostAtOnce } from '../support/fleet-lab.ts';
import type { FleetOptions } from '../support/fleet-spec.ts';
import { slow } from '../support/fleet-trouble.ts';
import { OPERATOR } from '../support/upgrade-input.ts';

let lab: FleetLab;

beforeAll(async () => {
  lab = await FleetLab.open();
});

afterAll(() => lab.close());

const NAMES = ['a', 'b', 'c', 'd', 'e', 'f'];
/** All take half an hour: as many run at once as may. */
const prepare: NonNullable<Parameters<FleetLab['start']>[1]>['prepare'] = (tenant) => {
  for (const name of NAMES) slow(tenant(name), 30);
};
const byTurns = (name: string): number => NAMES.indexOf(name) % 2;

interface Limits {
  readonly name: string;
  readonly options: Partial<FleetOptions>;
  readonly most: number;
  readonly mostOfCluster?: number;
}

const TABLE: readonly Limits[] = [
  { name: 'of the whole fleet', options: { maxConcurrent: 4 }, most: 4 },
  { name: 'of a wave', options: { waves: [{ tenants: NAMES, maxConcurrent: 3 }] }, most: 3 },
  {
    name: 'of each cluster',
    options: { maxConcurrentPerCluster: 2, clusters: 2, clusterOf: byTurns },
    most: 4,
    mostOfCluster: 2,
  },
  {
    name: 'of one API server, which two contexts share',
    options: { maxConcurrentPerCluster: 2, clusters: 2, clusterOf: byTurns, sameServer: true },
    most: 2,
  },
];

test.each(TABLE)('the limit $name is kept, and used', async ({ options, most, mostOfCluster }) => {
  const fleet = await lab.start({ waves: [{ tenants: NAMES }], ...options }, { prepare });
  const { progress } = await fleet.result();
  expect(progress.counts.upgraded).toBe(NAMES.length);
  const spans = await fleet.spans();
  expect(mostAtOnce(Object.values(spans))).toBe(most);
  if (mostOfCluster === undefined) return;
  for (const cluster of [0, 1]) {
    const own = Object.entries(spans).flatMap(([name, span]) => (byTurns(name) === cluster ? [span] : []));
    expect(mostAtOnce(own)).toBe(mostOfCluster);
  }
});

test('limits are changed while it runs: more start at once, or none before enough have ended', async () => {
  const fleet = await lab.start({ waves: [{ tenants: NAMES }], maxConcurrent: 1 }, { prepare });
  await fleet.until(({ counts }) => counts.running === 1);
  const set = (maxConcurrent: number): Promise<string> =>
    fleet.handle.executeUpdate(setLimitsUpdate, { args: [{ ...OPERATOR, maxConcurrent }] });
  expect(await set(3)).toBe('maxConcurrent 3');
  expect((await fleet.until(({ counts }) => counts.running > 1, '1s')).counts.running).toBe(3);
  await set(1);
  const { progress } = await fleet.result();
  const spans = Object.values(await fleet.spans()).sort((one, other) => one.fromMs - other.fromMs);
  expect(mostAtOnce(spans)).toBe(3);
  // The last three began under the lower limit.
  expect(mostAtOnce(spans.slice(3))).toBe(1);
  expect(progress.journal.filter(({ event }) => event === 'settings-changed')).toHaveLength(2);
});

test('a limit that is none is refused, and changes nothing', async () => {
  const fleet = await lab.start({ waves: [{ tenants: NAMES }], maxConcurrent: 2 }, { prepare });
  const refused = fleet.handle.executeUpdate(setLimitsUpdate, { args: [{ ...OPERATOR, maxConcurrent: 0 }] });
  await expect(refused).rejects.toMatchObject({ cause: { type: 'Refused' } });
  expect((await fleet.result()).progress.limits.maxConcurrent).toBe(2);
});
