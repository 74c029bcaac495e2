import fc from 'fast-check';
import type { Freeze, MaintenanceWindow, WindowPolicy } from '../../src/domain/windows/policy.ts';
import { findWindow, windowProblems } from '../../src/domain/windows/find-window.ts';

const HOUR_MS = 3_600_000;
const SATURDAYS: MaintenanceWindow = { opens: '0 22 * * 6', durationMinutes: 240, zone: 'Europe/Berlin' };

function policy(windows: readonly MaintenanceWindow[], freezes: readonly Freeze[] = []): WindowPolicy {
  return { windows, freezes };
}

function ms(iso: string): number {
  return Date.parse(iso);
}

/** The answer with its times as people read them. */
function ask(asked: WindowPolicy, at: string, neededHours = 0) {
  const answer = findWindow(asked, neededHours * HOUR_MS, ms(at));
  return Object.fromEntries(
    Object.entries(answer).map(([key, value]) => [
      key,
      typeof value === 'number' ? new Date(value).toISOString().replace(':00.000Z', 'Z') : value,
    ]),
  );
}

describe('where a moment stands in the windows', () => {
  it('without windows and freezes it is open and never closes', () => {
    expect(ask(policy([]), '2018-12-01T00:00Z')).toEqual({ status: 'open' });
  });

  it('inside a window it is open until that closes', () => {
    expect(ask(policy([SATURDAYS]), '2018-12-01T22:30Z')).toEqual({
      status: 'open',
      closesAtMs: '2018-12-02T01:00Z',
    });
  });

  it('the moment a window opens is inside, the moment it closes is not', () => {
    expect(ask(policy([SATURDAYS]), '2018-12-01T21:00Z').status).toBe('open');
    expect(ask(policy([SATURDAYS]), '2018-12-02T01:00Z')).toEqual({
      status: 'closed',
      opensAtMs: '2018-12-08T21:00Z',
      because: 'window',
    });
  });

  it('what is left that does not fit waits for the next window', () => {
    expect(ask(policy([SATURDAYS]), '2018-12-01T22:30Z', 3)).toEqual({
      status: 'does-not-fit',
      closesAtMs: '2018-12-02T01:00Z',
      opensAtMs: '2018-12-08T21:00Z',
    });
    expect(ask(policy([SATURDAYS]), '2018-12-01T22:00Z', 3).status).toBe('open');
  });

  it('of several windows the first that is long enough counts', () => {
    const short: MaintenanceWindow = { opens: '0 3 * * *', durationMinutes: 60, zone: 'UTC' };
    expect(ask(policy([short, SATURDAYS]), '2018-12-03T12:00Z').opensAtMs).toBe('2018-12-04T03:00Z');
    expect(ask(policy([short, SATURDAYS]), '2018-12-03T12:00Z', 2).opensAtMs).toBe('2018-12-08T21:00Z');
  });

  it('windows that overlap or adjoin are one', () => {
    const after: MaintenanceWindow = { opens: '0 2 * * 0', durationMinutes: 60, zone: 'Europe/Berlin' };
    expect(ask(policy([SATURDAYS, after]), '2018-12-01T22:30Z').closesAtMs).toBe('2018-12-02T02:00Z');
  });
});

describe('daylight saving', () => {
  it('a window opens at its local time on both sides of a change', () => {
    expect(ask(policy([SATURDAYS]), '2019-03-25T00:00Z').opensAtMs).toBe('2019-03-30T21:00Z');
    expect(ask(policy([SATURDAYS]), '2019-04-01T00:00Z').opensAtMs).toBe('2019-04-06T20:00Z');
  });

  it('a window over a change is open for its duration, whatever the clocks show', () => {
    const night: MaintenanceWindow = { opens: '0 1 * * *', durationMinutes: 180, zone: 'Europe/Berlin' };
    expect(ask(policy([night]), '2019-03-31T00:30Z').closesAtMs).toBe('2019-03-31T03:00Z');
    expect(ask(policy([night]), '2019-10-26T23:30Z').closesAtMs).toBe('2019-10-27T02:00Z');
  });

  it('an hour that does not come opens one hour later', () => {
    const lost: MaintenanceWindow = { opens: '30 2 * * *', durationMinutes: 30, zone: 'Europe/Berlin' };
    expect(ask(policy([lost]), '2019-03-30T12:00Z').opensAtMs).toBe('2019-03-31T01:30Z');
  });

  it('an hour that comes twice opens once, whenever one asks', () => {
    const twice: MaintenanceWindow = { opens: '30 2 * * *', durationMinutes: 30, zone: 'Europe/Berlin' };
    expect(ask(policy([twice]), '2019-10-26T12:00Z').opensAtMs).toBe('2019-10-27T00:30Z');
    expect(ask(policy([twice]), '2019-10-27T01:00Z').opensAtMs).toBe('2019-10-28T01:30Z');
    expect(ask(policy([twice]), '2019-10-27T01:40Z').status).toBe('closed');
  });
});

describe('freezes', () => {
  const CHRISTMAS: Freeze = {
    from: '2018-12-15',
    to: '2019-01-03',
    zone: 'Europe/Berlin',
    name: 'Christmas',
  };

  it('close the windows in them, and say that it was a freeze', () => {
    expect(ask(policy([SATURDAYS], [CHRISTMAS]), '2018-12-22T22:00Z')).toEqual({
      status: 'closed',
      opensAtMs: '2019-01-05T21:00Z',
      because: 'freeze',
    });
  });

  it('close what has no windows too', () => {
    expect(ask(policy([], [CHRISTMAS]), '2018-12-22T22:00Z')).toEqual({
      status: 'closed',
      opensAtMs: '2019-01-02T23:00Z',
      because: 'freeze',
    });
    expect(ask(policy([], [CHRISTMAS]), '2018-12-01T00:00Z')).toEqual({
      status: 'open',
      closesAtMs: '2018-12-14T23:00Z',
    });
  });

  it('close a window that they begin in, from then on', () => {
    const nights: MaintenanceWindow = { opens: '0 22 * * *', durationMinutes: 360, zone: 'Europe/Berlin' };
    const sale: Freeze = { from: '2026-11-27T00:00', to: '2026-12-01T09:00', zone: 'Europe/Berlin' };
    const closed = { status: 'closed', opensAtMs: '2026-12-01T21:00Z', because: 'freeze' };
    expect(ask(policy([nights], [sale]), '2026-11-26T23:30Z')).toEqual(closed);
    expect(ask(policy([nights], [sale]), '2026-11-26T23:30Z', 2)).toEqual(closed);
  });

  it('cut a window that they begin in', () => {
    const tonight: Freeze = { from: '2018-12-02T00:00', to: '2018-12-03', zone: 'Europe/Berlin' };
    expect(ask(policy([SATURDAYS], [tonight]), '2018-12-01T21:30Z').closesAtMs).toBe('2018-12-01T23:00Z');
    expect(ask(policy([SATURDAYS], [tonight]), '2018-12-01T21:30Z', 2).status).toBe('does-not-fit');
  });
});

describe('windows that cannot be', () => {
  const NOW = ms('2018-12-01T00:00Z');

  it.each<[string, Partial<MaintenanceWindow>, string]>([
    ['an unknown zone', { zone: 'Europe/Nowhere' }, 'Europe/Nowhere" is no known time zone'],
    ['a short name that is Dhaka here', { zone: 'BST' }, 'write Europe/London or Asia/Dhaka'],
    ['the same in small letters', { zone: 'ist' }, 'write Asia/Kolkata, Europe/Dublin or Asia/Jerusalem'],
    ['an offset', { zone: '+05:30' }, '"+05:30" is no known time zone'],
    [
      'a name that IANA has dropped',
      { zone: 'US/Pacific-New' },
      'is no IANA time zone: write America/Los_Angeles',
    ],
    ['a system of old', { zone: 'SystemV/PST8PDT' }, 'is no known time zone'],
    ['four fields', { opens: '0 22 * *' }, 'no cron line of five fields'],
    ['six fields', { opens: '0 0 22 * * 6' }, 'no cron line of five fields'],
    ['a minute that is none', { opens: '61 22 * * 6' }, 'got value 61 expected range 0-59'],
    ['a word', { opens: '0 late * * 6' }, 'no cron line'],
    ['30 February', { opens: '0 22 30 2 *' }, 'never opens: there is no such day in its month'],
    ['a random hour', { opens: '0 H * * *' }, 'an H, which means any time'],
    ['an opening every minute', { opens: '* * * * *' }, 'give its minute as one number'],
    ['no duration', { durationMinutes: 0 }, 'must be more than 0'],
    ['a duration that is no number', { durationMinutes: NaN }, 'must be more than 0'],
  ])('%s is one clear sentence', (_, change, sentence) => {
    const wrong = policy([{ ...SATURDAYS, ...change }]);
    expect(windowProblems(wrong, NOW)).toEqual([expect.stringContaining(sentence)]);
    expect(findWindow(wrong, 0, NOW)).toEqual({ status: 'never', why: expect.stringContaining(sentence) });
  });

  it.each<[string, Partial<Freeze>, string]>([
    ['a date that is none', { from: '2018-02-30' }, '"2018-02-30" is no date'],
    ['a time alone', { from: '08:00' }, '"08:00" is no date'],
    ['an end before the beginning', { to: '2018-11-01' }, 'ends (2018-11-01) before it begins (2018-12-15)'],
    ['an unknown zone', { zone: 'Mars' }, '"Mars" is no known time zone'],
  ])('a freeze with %s is one clear sentence', (_, change, sentence) => {
    const freeze: Freeze = { from: '2018-12-15', to: '2019-01-03', zone: 'UTC', ...change };
    expect(windowProblems(policy([SATURDAYS], [freeze]), NOW)).toEqual([expect.stringContaining(sentence)]);
  });

  it('all problems are told together', () => {
    const wrong = policy([
      { opens: 'x', durationMinutes: -1, zone: 'Mars' },
      { ...SATURDAYS, zone: 'Moon' },
    ]);
    expect(windowProblems(wrong, NOW)).toHaveLength(4);
  });

  it('a window too short for the switch and its rollback never opens for it', () => {
    const short = policy([{ ...SATURDAYS, durationMinutes: 30 }]);
    expect(windowProblems(short, NOW)).toEqual([
      'no window ("0 22 * * 6" Europe/Berlin for 30 min) opens within two years that stays open for the ' +
        '60 minutes needed',
    ]);
    const estimate = { switchMinutes: 10, rollbackMinutes: 10 };
    expect(windowProblems({ ...short, estimate }, NOW)).toEqual([]);
  });

  it('a freeze over all windows never opens', () => {
    const forever: Freeze = { from: '2018-01-01', to: '2030-01-01', zone: 'UTC' };
    expect(windowProblems(policy([SATURDAYS], [forever]), NOW)).toEqual([
      expect.stringContaining('opens within two years outside the freezes'),
    ]);
  });

  it('a window on 29 February has no problem where one comes within two years', () => {
    const leap = policy([{ ...SATURDAYS, opens: '0 22 29 2 *' }]);
    expect(windowProblems(leap, ms('2018-12-01T00:00Z'))).toEqual([]);
    expect(windowProblems(leap, ms('2020-12-01T00:00Z'))).toHaveLength(1);
  });
});

describe('whatever the windows are', () => {
  const window = fc.record<MaintenanceWindow>({
    opens: fc
      .tuple(fc.nat(59), fc.nat(23), fc.constantFrom('*', '1-5', '6', '0,3'))
      .map(([minute, hour, days]) => `${minute} ${hour} * * ${days}`),
    durationMinutes: fc.integer({ min: 1, max: 3000 }),
    zone: fc.constantFrom('Europe/Berlin', 'UTC', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe'),
  });
  const moment = fc.date({ min: new Date('2018-01-01'), max: new Date('2020-01-01'), noInvalidDate: true });

  it('it is open when it says that it opens, for as long as was needed', () => {
    fc.assert(
      fc.property(
        fc.array(window, { minLength: 1, maxLength: 3 }),
        moment,
        fc.nat(120),
        (windows, at, min) => {
          const neededMs = min * 60_000;
          const answer = findWindow(policy(windows), neededMs, at.getTime());
          if (answer.status === 'never') return min > Math.max(...windows.map((w) => w.durationMinutes));
          if (answer.status === 'open') return (answer.closesAtMs ?? Infinity) - at.getTime() >= neededMs;
          const then = findWindow(policy(windows), neededMs, answer.opensAtMs);
          return answer.opensAtMs > at.getTime() && then.status === 'open';
        },
      ),
      { numRuns: 30 },
    );
  });
});
