import { abortFleetSignal } from '../../workflows/fleet/messages.ts';
import { FleetLab, mostAtOnce } from '../support/fleet-lab.ts';
import { slow } from '../support/fleet-trouble.ts';
import { OPERATOR } from '../support/upgrade-input.ts';

let lab: FleetLab;

beforeAll(async () => {
  lab = await FleetLab.open({ letsGo: true });
});

afterAll(() => lab.close());

const NAMES = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
/** Events after which it continues as new: a start and a report have more between them. */
const continueAfter = 30;
const retries = { transientAttempts: 3, outcomeAttempts: 1 };

test('continued again and again, every tenant is upgraded once, and no limit is passed', async () => {
  const fleet = await lab.start(
    { waves: [{ tenants: NAMES.slice(0, 3) }, { tenants: NAMES.slice(3) }], maxConcurrent: 2, retries },
    {
      continueAfter,
      prepare: (tenant) => {
        for (const name of NAMES) slow(tenant(name), 10);
      },
    },
  );
  const { progress, tenants } = await fleet.result();
  expect(progress.runs).toBeGreaterThan(2);
  expect(progress.counts.upgraded).toBe(NAMES.length);
  expect(tenants.map(({ attempts }) => attempts)).toEqual(NAMES.map(() => 1));
  expect(mostAtOnce(Object.values(await fleet.spans()))).toBe(2);
  for (const name of NAMES) {
    const { writes } = fleet.tenant(name).installation;
    expect(new Set(writes).size).toBe(writes.length);
  }
});

test('a child terminated after the fleet had continued is missed, and its slot is free again', async () => {
  const fleet = await lab.start(
    { waves: [{ tenants: NAMES }], maxConcurrent: 2, retries },
    { continueAfter, prepare: (tenant) => slow(tenant('a'), 7 * 24 * 60) },
  );
  await fleet.until(({ runs, counts }) => runs > 1 && counts.upgraded >= 2, '1s');
  await lab.upgrade(fleet.spec, fleet.spec.tenants[0]?.namespace ?? '').terminate('by hand');
  const { progress, tenants } = await fleet.result();
  expect(progress.counts).toMatchObject({ lost: 1, upgraded: NAMES.length - 1 });
  expect(tenants[0]?.failure?.message).toContain('TERMINATED');
});

test('an abort lasts: those under way are undone over many runs, and nothing starts any more', async () => {
  const fleet = await lab.start(
    { waves: [{ tenants: NAMES }], maxConcurrent: NAMES.length - 2, retries },
    {
      continueAfter,
      prepare: (tenant) => {
        NAMES.forEach((name, place) => slow(tenant(name), 60 + place));
      },
    },
  );
  await fleet.until(({ counts }) => counts.running === NAMES.length - 2, '1s');
  // Until each waits in its slow step: this server fails over an abort that meets an activity between two queues.
  await lab.sleep('10 minutes');
  const { runs } = await fleet.progress();
  await fleet.handle.signal(abortFleetSignal, { ...OPERATOR, kind: 'revert' });
  const { progress } = await fleet.result();
  expect(progress.runs).toBeGreaterThan(runs);
  expect(progress.counts).toMatchObject({ aborted: NAMES.length - 2, skipped: 2 });
  expect(progress.ending).toMatchObject({ kind: 'revert', by: OPERATOR.by });
  for (const name of NAMES.slice(-2)) expect(fleet.tenant(name).installation.writes).toEqual([]);
});
