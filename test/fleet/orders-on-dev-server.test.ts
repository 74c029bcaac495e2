import {
  pauseFleetSignal,
  resumeFleetSignal,
  retryTenantsUpdate,
  revertTenantsUpdate,
  setLimitsUpdate,
} from '../../workflows/fleet/messages.ts';
import { FleetLab } from '../support/fleet-lab.ts';
import { heals, holds, reverts, slow } from '../support/fleet-trouble.ts';
import { OPERATOR } from '../support/upgrade-input.ts';

let lab: FleetLab;

beforeAll(async () => {
  // The time-skipping server miscounts its events where a task signals somebody and starts an activity: it does not know
  // the activity that an abort then cancels (ACTIVITY_UNKNOWN). And it stands still now and then where a fleet that has
  // continued as new pauses what it has under way.
  lab = await FleetLab.open({ server: 'dev' });
}, 120_000);

afterAll(() => lab.close());

const NAMES = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
const retries = { transientAttempts: 3, outcomeAttempts: 1 };
const OTTO = { by: 'otto', why: 'the shop is down' };

test('a paused fleet goes back as a whole: nobody is left paused, and its held ones go back too', async () => {
  const fleet = await lab.start(
    {
      waves: [{ tenants: ['a', 'b'] }],
      failureBudget: { failed: { count: 1 } },
      retries,
    },
    {
      prepare: (tenant) => {
        holds(tenant('a'));
        slow(tenant('b'), 0.05);
      },
    },
  );
  await fleet.until(({ counts }) => counts.held === 1 && counts.running === 1, '100ms');
  await fleet.handle.signal(pauseFleetSignal, OPERATOR);
  await fleet.until(({ phase }) => phase === 'paused', '100ms');
  heals(fleet.tenant('a'));
  const message = { ...OTTO, all: true, confirm: fleet.spec.name };
  await fleet.handle.executeUpdate(revertTenantsUpdate, { args: [message] });
  await fleet.result();
  expect(await fleet.states()).toEqual({ a: 'reverted', b: 'aborted' });
  for (const name of ['a', 'b']) expect((await fleet.tenantProgress(name)).paused).toBeUndefined();
});

test('orders hold over new runs of the fleet: a pause, a limit, a retry, a resume', async () => {
  const fleet = await lab.start(
    { waves: [{ tenants: NAMES }], maxConcurrent: 2, retries },
    {
      // A start and a report have more events between them.
      continueAfter: 30,
      prepare: (tenant) => {
        reverts(tenant('a'));
        for (const name of NAMES.slice(1)) slow(tenant(name), 0.03);
      },
    },
  );
  await fleet.until(({ counts }) => counts.reverted === 1 && counts.upgraded >= 1, '100ms');
  await fleet.handle.signal(pauseFleetSignal, OPERATOR);
  await fleet.handle.executeUpdate(setLimitsUpdate, { args: [{ ...OPERATOR, maxConcurrent: 3 }] });
  const paused = await fleet.until(({ phase }) => phase === 'paused', '100ms');
  heals(fleet.tenant('a'));
  await fleet.handle.executeUpdate(retryTenantsUpdate, { args: [{ ...OPERATOR, all: true }] });
  await lab.sleep('3s');
  expect((await fleet.progress()).counts.upgraded).toBe(paused.counts.upgraded);
  await fleet.handle.signal(resumeFleetSignal, OPERATOR);
  const { progress, tenants } = await fleet.result();
  expect(progress.runs).toBeGreaterThan(1);
  expect(progress.limits.maxConcurrent).toBe(3);
  expect(progress.counts.upgraded).toBe(NAMES.length);
  expect(tenants[0]?.attempts).toBe(2);
  expect(progress.journal.map(({ event }) => event)).toEqual(
    expect.arrayContaining(['started', 'paused', 'settings-changed', 'retried', 'resumed', 'ended']),
  );
});
