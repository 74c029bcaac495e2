import { pauseFleetSignal, revertTenantsUpdate } from '../../workflows/fleet-messages.ts';
import { FleetLab } from '../support/fleet-lab.ts';
import { heals, holds, slow } from '../support/fleet-trouble.ts';
import { OPERATOR } from '../support/upgrade-lab.ts';

let lab: FleetLab;

beforeAll(async () => {
  // The time-skipping server miscounts its events where a task signals somebody and starts an activity: it does not know
  // the activity that an abort then cancels (ACTIVITY_UNKNOWN).
  lab = await FleetLab.open({ server: 'dev' });
}, 120_000);

afterAll(() => lab.close());

const OTTO = { by: 'otto', why: 'the shop is down' };

test('a paused fleet goes back as a whole: nobody is left paused, and its held ones go back too', async () => {
  const fleet = await lab.start(
    {
      waves: [{ tenants: ['a', 'b'] }],
      failureBudget: { failed: { count: 1 } },
      retries: { transientAttempts: 3, outcomeAttempts: 1 },
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
