/** What may be crossing the point of no return, and has not: an abort, a pause and the window are heeded until it has. */
import { DateTime } from 'luxon';
import type { TenantProgress } from '../../src/domain/tenant/progress.ts';
import type { WindowPolicy } from '../../src/domain/windows/policy.ts';
import { findWindow } from '../../src/domain/windows/find-window.ts';
import {
  abortSignal,
  pauseSignal,
  resumeSignal,
  retryUpdate,
  revertUpdate,
} from '../../workflows/tenant/messages.ts';
import { tenantToImpersonate } from '../support/fake-calls.ts';
import type { FakeTenant } from '../support/fake-tenant.ts';
import { startAndSay } from '../support/start-and-say.ts';
import { UpgradeLab } from '../support/upgrade-lab.ts';
import { OPERATOR, PATH_WITH_IMPERSONATION as path } from '../support/upgrade-input.ts';

const ZONE = 'Europe/Berlin';
const CROSSING = 'rollOut roll-out-system-app';
let lab: UpgradeLab;

beforeAll(async () => {
  lab = await UpgradeLab.open(({ policy, neededMs, atMs }) =>
    Promise.resolve(findWindow(policy, neededMs, atMs)),
  );
});

afterAll(() => lab.close());

/** Its cluster does not answer when it is to cross: nothing of that is sent. */
function tenantThatIsAway(times = Infinity): FakeTenant {
  const tenant = tenantToImpersonate();
  tenant.neverCrosses = true;
  tenant.script.fail({ call: CROSSING, type: 'Unreachable', times });
  return tenant;
}

const isHeld = ({ held }: TenantProgress) => held !== undefined;
const isCrossing = ({ steps }: TenantProgress) =>
  steps.some(({ id, status }) => id === 'roll-out-system-app' && status === 'running');
const isAt = (status: string) => (progress: TenantProgress) =>
  progress.steps.some((step) => step.id === 'roll-out-system-app' && step.status === status);
const verifiedAgain = ({ script }: FakeTenant): number =>
  script.done.filter((call) => call === 'verifyStaged again').length;

/** From tomorrow evening on, four hours each day, of which the switch and its rollback need one. */
async function evenings(): Promise<WindowPolicy> {
  const now = DateTime.fromMillis(await lab.env.currentTimeMs(), { zone: ZONE });
  const evening = now.plus({ days: 1 }).set({ hour: 20, minute: 1, second: 0, millisecond: 0 });
  await lab.env.sleep(evening.toMillis() - now.toMillis());
  return { windows: [{ opens: '0 20 * * *', durationMinutes: 240, zone: ZONE }], freezes: [] };
}

const hourOf = (time: string | undefined): number => DateTime.fromISO(time ?? '', { zone: ZONE }).hour;
const crossedAt = ({ journal }: TenantProgress): string | undefined =>
  journal.find(({ event }) => event === 'point-of-no-return')?.at;

test('an abort while the cluster is away, and nothing has crossed: it is taken back, and never crosses', async () => {
  const tenant = tenantThatIsAway();
  const upgrade = await lab.start({ tenant, path });
  const crossing = await upgrade.until(isCrossing);
  expect(crossing).toMatchObject({ pastPointOfNoReturn: false });
  await upgrade.handle.signal(abortSignal, OPERATOR);
  const { state, journal, pastPointOfNoReturn } = await upgrade.result();
  expect({ state, pastPointOfNoReturn }).toEqual({ state: 'aborted', pastPointOfNoReturn: false });
  expect(journal.map(({ event }) => event)).toContain('not-crossed');
  expect(journal.map(({ event }) => event)).not.toContain('point-of-no-return');
});

test('an abort that finishes what is past it, while it crosses: the cluster is asked, and it goes on to the end', async () => {
  const tenant = tenantToImpersonate();
  const upgrade = await startAndSay(lab, tenant, CROSSING, ({ handle }) =>
    handle.signal(abortSignal, { ...OPERATOR, late: 'finish' }),
  );
  expect((await upgrade.result()).state).toBe('upgraded');
});

test.each([
  ['minutes, and back long before leave ends', 8, 2],
  ['longer than leave is good for', 40, 3],
])(
  'a pause while the cluster is away for %s: nothing crosses before the resume',
  async (_, times, verified) => {
    const tenant = tenantThatIsAway(times);
    const upgrade = await lab.start({ tenant, path });
    await upgrade.until(isCrossing);
    await upgrade.handle.signal(pauseSignal, OPERATOR);
    await upgrade.until(isAt('pending'));
    await lab.env.sleep('3 hours');
    expect(tenant.script.done).not.toContain(CROSSING);
    await upgrade.handle.signal(resumeSignal, OPERATOR);
    expect((await upgrade.result()).state).toBe('upgraded');
    expect(verifiedAgain(tenant)).toBe(verified);
  },
);

test('a pause when it has crossed: what rolls comes to its end, and nothing else begins', async () => {
  const tenant = tenantToImpersonate();
  const upgrade = await startAndSay(lab, tenant, CROSSING, ({ handle }) =>
    handle.signal(pauseSignal, OPERATOR),
  );
  const paused = await upgrade.until(isAt('done'));
  expect(paused).toMatchObject({ pastPointOfNoReturn: true, paused: { by: OPERATOR.by } });
  await lab.env.sleep('1 hour');
  expect(tenant.script.done).not.toContain('rollOut roll-out-system-sidekiq');
  await upgrade.handle.signal(resumeSignal, OPERATOR);
  expect((await upgrade.result()).state).toBe('upgraded');
});

test.each(['verifyStaged again', CROSSING])(
  'a cluster that is away at %s until the window has no room any more: it crosses in the next one, verified anew',
  async (call) => {
    const windows = await evenings();
    const tenant = tenantToImpersonate();
    tenant.neverCrosses = true;
    tenant.script.fail({ call, type: 'Unreachable', times: 60 * 5 });
    const upgrade = await lab.start({ tenant, path, windows });
    await lab.env.sleep('8 hours');
    const waiting = await upgrade.until(({ opensAt }) => opensAt !== undefined);
    expect(waiting.pastPointOfNoReturn).toBe(false);
    expect(tenant.script.done).not.toContain(CROSSING);
    const progress = await upgrade.result();
    expect(progress.state).toBe('upgraded');
    expect(hourOf(crossedAt(progress))).toBe(20);
    expect(verifiedAgain(tenant)).toBe(2);
  },
);

test.each(['finish-tenant', 'revert-staged'] as const)(
  'a crossing that nobody could look for, tried again in a closed window with %s: it waits, and is verified anew',
  async (onClose) => {
    const windows = await evenings();
    const tenant = tenantThatIsAway();
    tenant.script.fail({ call: 'lookForCrossing', type: 'Unreachable', times: 2 });
    const retries = { transientAttempts: 3, outcomeAttempts: 2, unreachableAttempts: 2 };
    const upgrade = await lab.start({ tenant, path, windows, onClose, retries });
    const held = await upgrade.until(isHeld);
    expect(held).toMatchObject({ pastPointOfNoReturn: false, mayBePastPointOfNoReturn: true });
    await lab.env.sleep('8 hours');
    tenant.script.heal(CROSSING);
    await upgrade.handle.executeUpdate(retryUpdate, { args: [OPERATOR] });
    await upgrade.until(({ opensAt }) => opensAt !== undefined);
    expect(tenant.script.done).not.toContain(CROSSING);
    const progress = await upgrade.result();
    expect(progress.state).toBe('upgraded');
    expect(hourOf(crossedAt(progress))).toBe(20);
    expect(verifiedAgain(tenant)).toBe(2);
  },
);

test.each(['abort', 'revert'] as const)(
  '%s where nobody could look whether it has crossed: the cluster is asked, and all is taken back',
  async (word) => {
    const tenant = tenantThatIsAway();
    const before = tenant.installation.spec();
    tenant.script.fail({ call: 'lookForCrossing', type: 'Unreachable', times: 2 });
    const retries = { transientAttempts: 3, outcomeAttempts: 2, unreachableAttempts: 2 };
    const upgrade = await lab.start({ tenant, path, retries });
    await upgrade.until(isHeld);
    if (word === 'abort') await upgrade.handle.signal(abortSignal, OPERATOR);
    else await upgrade.handle.executeUpdate(revertUpdate, { args: [OPERATOR] });
    expect((await upgrade.result()).state).toBe(word === 'abort' ? 'aborted' : 'reverted');
    // What was rolled before the crossing has rolled back; all that is specified is as it was.
    expect(tenant.installation.spec().imageStreams).toEqual(before.imageStreams);
  },
);
