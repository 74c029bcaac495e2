/** A pause that comes while a tenant crosses the point of no return, on Temporal's own server. */
import { pauseFleetSignal, resumeFleetSignal } from '../../workflows/fleet/messages.ts';
import { abortSignal, pauseSignal, resumeSignal } from '../../workflows/tenant/messages.ts';
import { FleetLab } from '../support/fleet-lab.ts';
import { CROSSING, slow } from '../support/fleet-trouble.ts';
import { OPERATOR } from '../support/upgrade-input.ts';

let lab: FleetLab;

beforeAll(async () => {
  // The time-skipping server forgets an activity that fails when it has been asked to stop.
  lab = await FleetLab.open({ server: 'dev' });
}, 120_000);

afterAll(() => lab.close());

test.each([
  ['and nothing has crossed', true],
  ['and it has crossed', false],
])(
  'an attempt fails in the moment of the pause, which would be made again, %s: it goes on after the resume',
  async (_, neverCrosses) => {
    const fleet = await lab.start(
      { waves: [{ tenants: ['a'] }], retries: { transientAttempts: 10, outcomeAttempts: 2 } },
      {
        prepare: (tenant) => {
          tenant('a').neverCrosses = neverCrosses;
          tenant('a').script.fail({ call: CROSSING, type: 'ServerError', times: 1 });
        },
      },
    );
    const upgrade = lab.upgrade(fleet.spec, fleet.spec.tenants[0]?.namespace ?? '');
    fleet.tenant('a').script.during(CROSSING, async () => {
      await upgrade.signal(pauseSignal, OPERATOR);
      setTimeout(() => void upgrade.signal(resumeSignal, OPERATOR), 2_000);
    });
    expect((await fleet.result()).progress.counts.upgraded).toBe(1);
    const events = (await fleet.tenantProgress('a')).journal.map(({ event }) => event);
    expect(events).toEqual(expect.arrayContaining(['paused', 'resumed']));
    expect(events).not.toContain('held');
    expect(events).not.toContain('reverting');
  },
);

test('the fleet has not stopped before it is known whether what it paused rolls, and has rolled', async () => {
  const fleet = await lab.start(
    {
      waves: [{ tenants: ['late'] }],
      retries: { transientAttempts: 10, outcomeAttempts: 2, lateWriteSeconds: 2 },
    },
    {
      prepare: (tenant) => {
        slow(tenant('late'), 1, CROSSING);
        tenant('late').script.fail({
          call: 'lookForCrossing',
          type: 'Unreachable',
          times: 1,
          retryDelayMs: 3_000,
        });
      },
    },
  );
  await fleet.until(({ counts }) => counts.running === 1, '100ms');
  // It counts as running a moment before it is there.
  const mayBeCrossed = async (): Promise<boolean> =>
    (await fleet.tenantProgress('late').catch(() => undefined))?.mayBePastPointOfNoReturn === true;
  while (!(await mayBeCrossed())) await lab.sleep('100ms');
  await fleet.handle.signal(pauseFleetSignal, OPERATOR);
  const paused = await fleet.until(({ phase }) => phase === 'paused', '100ms');
  expect(paused.journal.filter(({ event }) => event === 'stopped')).toHaveLength(1);
  const { steps } = await fleet.tenantProgress('late');
  expect(steps.find(({ id }) => id === 'roll-out-system-app')?.status).toBe('done');
  await fleet.handle.signal(resumeFleetSignal, OPERATOR);
  expect((await fleet.result()).progress.counts.upgraded).toBe(1);
});

test('an abort that finishes what is crossed, in the moment in which an attempt fails that would be made again', async () => {
  const fleet = await lab.start(
    { waves: [{ tenants: ['a'] }], retries: { transientAttempts: 10, outcomeAttempts: 2 } },
    {
      prepare: (tenant) => {
        tenant('a').script.fail({ call: CROSSING, type: 'ServerError', times: 1 });
      },
    },
  );
  const upgrade = lab.upgrade(fleet.spec, fleet.spec.tenants[0]?.namespace ?? '');
  fleet
    .tenant('a')
    .script.during(CROSSING, () => upgrade.signal(abortSignal, { ...OPERATOR, late: 'finish' }));
  const { counts } = await fleet.until(({ counts }) => counts.held + counts.upgraded === 1, '100ms');
  expect(counts).toMatchObject({ held: 0, upgraded: 1 });
});
