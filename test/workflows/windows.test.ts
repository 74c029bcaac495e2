import { DateTime } from 'luxon';
import type { TenantProgress } from '../../src/domain/tenant/progress.ts';
import type { WindowPolicy } from '../../src/domain/windows/policy.ts';
import { findWindow } from '../../src/domain/windows/find-window.ts';
import { abortSignal } from '../../workflows/tenant/messages.ts';
import { FakeTenant } from '../support/fake-tenant.ts';
import { UpgradeLab } from '../support/upgrade-lab.ts';
import { OPERATOR } from '../support/upgrade-input.ts';

const ZONE = 'Europe/Berlin';
let lab: UpgradeLab;

beforeAll(async () => {
  lab = await UpgradeLab.open(({ policy, neededMs, atMs }) =>
    Promise.resolve(findWindow(policy, neededMs, atMs)),
  );
});

afterAll(() => lab.close());

const now = async (): Promise<DateTime> => DateTime.fromMillis(await lab.env.currentTimeMs(), { zone: ZONE });

async function sleepUntil(time: DateTime): Promise<void> {
  await lab.env.sleep(time.toMillis() - (await lab.env.currentTimeMs()));
}

/** The next Sunday on which the clocks of Berlin are changed. */
function nextClockChange(from: DateTime): DateTime {
  let day = from.startOf('day').plus({ days: 7 });
  while (day.offset === day.plus({ days: 1 }).offset) day = day.plus({ days: 1 });
  return day;
}

const window = (opens: string, durationMinutes: number): WindowPolicy['windows'][number] => ({
  opens,
  durationMinutes,
  zone: ZONE,
});

/** A step that takes so long: it is asked to come again. */
function slow(tenant: FakeTenant, call: string, ms: number): void {
  tenant.script.fail({ call, type: 'Throttled', times: 1, retryDelayMs: ms });
}

const HOUR = 3_600_000;

test('a window that closes in mid-upgrade and opens six days later, over a change of daylight saving', async () => {
  const friday = nextClockChange(await now())
    .minus({ days: 2 })
    .set({ hour: 22 });
  await sleepUntil(friday.plus({ minutes: 5 }));
  const tenant = new FakeTenant();
  slow(tenant, 'setImage set-memcache-image', 3 * HOUR);
  const upgrade = await lab.start({
    tenant,
    windows: {
      windows: [window('0 22 * * 4,5', 120)],
      freezes: [],
      estimate: { switchMinutes: 20, rollbackMinutes: 20 },
    },
  });
  await lab.env.sleep('3 hours');
  const waiting = await upgrade.until(({ opensAt }) => opensAt !== undefined);
  const thursday = friday.plus({ days: 6 });
  expect(waiting.state).toBe('waiting');
  expect(DateTime.fromISO(waiting.opensAt ?? '').toMillis()).toBe(thursday.toMillis());
  expect(thursday.toMillis() - friday.toMillis()).not.toBe(6 * 24 * HOUR);
  const writes = tenant.installation.writes.length;
  await lab.env.sleep('5 days');
  expect(tenant.installation.writes).toHaveLength(writes);
  const progress = await upgrade.result();
  expect(progress.state).toBe('upgraded');
  expect(Date.parse(progress.endedAt ?? '')).toBeGreaterThanOrEqual(thursday.toMillis());
  expect(progress.journal.map(({ event }) => event)).toEqual([
    'started',
    'window-closed',
    'window-opened',
    'point-of-no-return',
    'ended',
  ]);
});

test('before the point of no return the window is asked again: what does not fit waits for the next one', async () => {
  const evening = (await now()).plus({ days: 1 }).set({ hour: 20, minute: 0, second: 0, millisecond: 0 });
  await sleepUntil(evening.plus({ minutes: 1 }));
  const tenant = new FakeTenant();
  slow(tenant, 'rollOut roll-out-zync', 3.5 * HOUR);
  const upgrade = await lab.start({
    tenant,
    windows: { windows: [window('0 20 * * *', 240)], freezes: [] },
  });
  await lab.env.sleep('3.5 hours');
  const waiting = await upgrade.until(({ opensAt }) => opensAt !== undefined);
  expect(waiting.pastPointOfNoReturn).toBe(false);
  expect(tenant.script.done).toContain('rollOut roll-out-zync');
  expect(tenant.installation.deploymentConfig('system-app').paused).toBe(true);
  expect(Date.parse(waiting.opensAt ?? '')).toBe(evening.plus({ days: 1 }).toMillis());
  const progress = await upgrade.result();
  expect(progress.state).toBe('upgraded');
  expect(progress.journal.find(({ event }) => event === 'window-closed')?.detail).toContain('do not fit');
});

test('a freeze over a window: nothing begins before it is over', async () => {
  const today = await now();
  const frozenUntil = today.plus({ days: 3 }).startOf('day');
  const upgrade = await lab.start({
    windows: {
      windows: [],
      freezes: [
        {
          from: today.minus({ days: 1 }).toISODate() ?? '',
          to: frozenUntil.toISODate() ?? '',
          zone: ZONE,
          name: 'sale',
        },
      ],
    },
  });
  const waiting = await upgrade.until(({ opensAt }) => opensAt !== undefined);
  expect(Date.parse(waiting.opensAt ?? '')).toBe(frozenUntil.toMillis());
  expect(upgrade.tenant.script.attempts).toEqual([]);
  const progress = await upgrade.result();
  expect(progress.state).toBe('upgraded');
  expect(Date.parse(progress.endedAt ?? '')).toBeGreaterThanOrEqual(frozenUntil.toMillis());
});

test('an abort while it waits for its window does not wait', async () => {
  const today = await now();
  const upgrade = await lab.start({
    windows: {
      windows: [],
      freezes: [
        {
          from: today.minus({ days: 1 }).toISODate() ?? '',
          to: today.plus({ days: 30 }).toISODate() ?? '',
          zone: ZONE,
        },
      ],
    },
  });
  await upgrade.until(({ opensAt }) => opensAt !== undefined);
  await upgrade.handle.signal(abortSignal, OPERATOR);
  const progress: TenantProgress = await upgrade.result();
  expect(progress.state).toBe('aborted');
  expect(upgrade.tenant.installation.writes).toEqual([]);
});

test('windows that never open block it: nothing is touched', async () => {
  const upgrade = await lab.start({ windows: { windows: [window('0 3 30 2 *', 60)], freezes: [] } });
  const progress = await upgrade.result();
  expect(progress.state).toBe('blocked');
  expect(progress.findings[0]?.check).toBe('window-opens');
  expect(progress.leftovers).toEqual([expect.stringContaining('not looked whether')]);
  expect(upgrade.tenant.installation.writes).toEqual([]);
});
