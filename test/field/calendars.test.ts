/** Calendars as Outlook, Exchange, Google and older programs write them: what is read, and what is refused with one clear error. */
import { describe, expect, test } from '@jest/globals';
import { readCalendar } from '../../src/config/calendar/calendar.ts';

const NOW_MS = Date.parse('2026-11-24T12:00:00Z');

const event = (...lines: string[]): string =>
  ['BEGIN:VEVENT', 'UID:1', 'SUMMARY:freeze', ...lines, 'END:VEVENT', ''].join('\r\n');
const calendar = (...parts: string[]): string =>
  `BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\n${parts.join('')}END:VCALENDAR\r\n`;
const AHEAD = event('DTSTART:20261224T170000Z', 'DTEND:20261227T050000Z');
const AHEAD_SPAN = '2026-12-24T17:00:00Z 2026-12-27T05:00:00Z UTC';

function read(text: string, zone?: string) {
  const { freezes, problems, warnings } = readCalendar(text, { zone, nowMs: NOW_MS });
  return {
    spans: freezes.map(({ from, to, zone: own }) => `${from} ${to} ${own}`),
    problems: problems.map(({ line, message }) => `${line} ${message}`),
    warnings: warnings.map(({ line, message }) => `${line} ${message}`),
  };
}

describe('a bad event of the past is left out, and said', () => {
  test.each([
    ['that ends before it begins', ['DTSTART:20190301T100000Z', 'DTEND:20190301T090000Z']],
    ['in a zone that nobody knows', ['DTSTART;TZID=Mars:20190301T100000', 'DTEND;TZID=Mars:20190301T120000']],
    ['in a zone that nobody knows, and without an end', ['DTSTART;TZID="(UTC+01:00) Mars":20190301T100000']],
    ['with a parameter that is none', ['DTSTART:20190301T100000Z', 'DTEND:20190301T120000Z', 'X-A;:1']],
    ['with a day at one end', ['DTSTART;VALUE=DATE:20190301', 'DTEND:20190301T090000Z']],
    ['on the 30th of February', ['DTSTART;VALUE=DATE:20190230', 'DTEND;VALUE=DATE:20190301']],
    ['with an end that is none', ['DTSTART:20190301T100000Z', 'DTEND:someday']],
    ['with a length that is none', ['DTSTART:20190301T100000Z', 'DURATION:long']],
    ['with a line that is none', ['DTSTART:20190301T100000Z', 'DTEND:20190301T120000Z', 'nonsense']],
    ['without a beginning', ['DTEND:20190301T120000Z']],
    [
      'whose rule has ended',
      ['DTSTART;TZID=Mars:20190301T100000', 'DURATION:PT2H', 'RRULE:FREQ=WEEKLY;UNTIL=20200301T000000Z'],
    ],
    [
      'whose rule was counted',
      ['DTSTART;TZID=Mars:20190301T100000', 'DURATION:PT2H', 'RRULE:FREQ=WEEKLY;COUNT=50'],
    ],
    [
      'with further dates, folded',
      ['DTSTART;TZID=Mars:20190301T100000', 'DURATION:PT2H', 'RDATE;TZID=Mars:2020', ' 0301T100000'],
    ],
  ])('%s', (_, lines) => {
    expect(read(calendar(event(...lines), AHEAD), 'Europe/Berlin')).toEqual({
      spans: [AHEAD_SPAN],
      problems: [],
      warnings: [expect.stringMatching(/^\d+ the event "freeze" .*; it is over, and left out$/)],
    });
  });

  test.each([
    ['that goes on', ['DTSTART;TZID=Mars:20190301T100000', 'DURATION:PT2H', 'RRULE:FREQ=WEEKLY'], 'Mars'],
    [
      'that still comes a few times',
      ['DTSTART;TZID=Mars:20190301T100000', 'DURATION:PT2H', 'RRULE:FREQ=YEARLY;COUNT=9'],
      'Mars',
    ],
    [
      'that lasts until next year',
      ['DTSTART:20190301T100000Z', 'DTEND;VALUE=DATE:20270101'],
      'a time at the other',
    ],
    ['that lasts for years', ['DTSTART;TZID=Mars:20190301T100000', 'DURATION:P5000D'], 'Mars'],
    ['that began this year, with no end to be read', ['DTSTART:20260301T100000Z', 'DTEND:someday'], 'DTEND'],
    ['that was yesterday, somewhere', ['DTSTART;TZID=Mars:20261123T100000', 'DURATION:PT2H'], 'Mars'],
    ['of which nothing says when it is', ['DTSTART:someday'], 'DTSTART'],
  ])('one %s is a problem still', (_, lines, why) => {
    const { spans, problems } = read(calendar(event(...lines), AHEAD), 'Europe/Berlin');
    expect([spans, problems]).toEqual([[], [expect.stringContaining(why)]]);
  });
});

describe('whole days', () => {
  test.each([
    ['that end where they begin', ['DTEND;VALUE=DATE:20261220'], ['2026-12-20 2026-12-21']],
    ['of no length', ['DURATION:P0D'], ['2026-12-20 2026-12-21']],
    ['of some hours', ['DURATION:PT12H'], ['2026-12-20 2026-12-21']],
    [
      'that end where they begin, every week',
      ['DTEND;VALUE=DATE:20261220', 'RRULE:FREQ=WEEKLY;COUNT=2'],
      ['2026-12-20 2026-12-21', '2026-12-27 2026-12-28'],
    ],
  ])('%s are that day', (_, lines, spans) => {
    const text = calendar(event('DTSTART;VALUE=DATE:20261220', ...lines));
    expect(read(text, 'UTC')).toEqual({
      spans: spans.map((span) => `${span} UTC`),
      problems: [],
      warnings: [],
    });
  });

  test('may be written without VALUE=DATE', () => {
    const text = calendar(event('DTSTART:20261220', 'DTEND:20261222'));
    expect(read(text, 'UTC').spans).toEqual(['2026-12-20 2026-12-22 UTC']);
  });
});

describe('an event without length freezes nothing, and says so', () => {
  test.each([
    ['that ends where it begins', ['DTEND:20261201T080000Z']],
    ['of no length', ['DURATION:PT0S']],
    ['without an end', []],
    ['every week', ['RRULE:FREQ=WEEKLY;COUNT=3']],
  ])('%s', (_, lines) => {
    expect(read(calendar(event('DTSTART:20261201T080000Z', ...lines), AHEAD))).toEqual({
      spans: [AHEAD_SPAN],
      problems: [],
      warnings: [expect.stringContaining('4 the event "freeze" has no length and freezes nothing')],
    });
  });

  test('of the past is not worth a word', () => {
    expect(read(calendar(event('DTSTART:20191201T080000Z'), AHEAD)).warnings).toEqual([]);
  });
});

const weekly = (...lines: string[]): string =>
  event('DTSTART;TZID=Europe/Berlin:20261201T080000', 'DURATION:PT1H', 'RRULE:FREQ=WEEKLY;COUNT=3', ...lines);
const daily = (...lines: string[]): string =>
  event('DTSTART;VALUE=DATE:20261201', 'RRULE:FREQ=DAILY;COUNT=3', ...lines);
const starts = (text: string, zone: string | undefined = 'Europe/Berlin') => {
  const { spans, problems } = read(text, zone);
  expect(problems).toEqual([]);
  return spans.map((span) => span.split(' ')[0]);
};

describe('EXDATE', () => {
  test.each([
    ['a date', 'EXDATE;VALUE=DATE:20261208'],
    ['a date without VALUE', 'EXDATE:20261208'],
    ['dates', 'EXDATE;VALUE=DATE:20261207,20261208'],
  ])('as %s takes out what begins on that day', (_, line) => {
    const left = ['2026-12-01T07:00:00Z', '2026-12-15T07:00:00Z'];
    expect(starts(calendar(weekly(line)))).toEqual(left);
    // Nobody has to say a zone for it: it is the event's own day.
    expect(read(calendar(weekly(line))).spans.map((span) => span.split(' ')[0])).toEqual(left);
  });

  test.each([
    ['a time on the wall', 'EXDATE;TZID=Europe/Berlin:20261202T000000'],
    ['a time without a zone', 'EXDATE:20261202T000000'],
    ['midnight in UTC', 'EXDATE:20261202T000000Z'],
    ['midnight there, as UTC has it', 'EXDATE:20261201T230000Z'],
  ])('as %s takes out a whole day', (_, line) => {
    expect(starts(calendar(daily(line)))).toEqual(['2026-12-01', '2026-12-03']);
  });

  test('a change of one day, named by its date', () => {
    const moved = event('RECURRENCE-ID;VALUE=DATE:20261208', 'DTSTART:20261209T100000Z', 'DURATION:PT1H');
    expect(starts(calendar(weekly(), moved))).toEqual([
      '2026-12-01T07:00:00Z',
      '2026-12-09T10:00:00Z',
      '2026-12-15T07:00:00Z',
    ]);
  });
});

describe('RDATE', () => {
  test.each([
    [
      'periods with their ends',
      'RDATE;VALUE=PERIOD:20261202T080000Z/20261202T100000Z,20261203T080000Z/PT3H',
      ['2026-12-02T08:00:00Z 2026-12-02T10:00:00Z UTC', '2026-12-03T08:00:00Z 2026-12-03T11:00:00Z UTC'],
    ],
    [
      'a period on the wall clock of a zone',
      'RDATE;VALUE=PERIOD;TZID=America/New_York:20261202T080000/PT30M',
      ['2026-12-02T13:00:00Z 2026-12-02T13:30:00Z UTC'],
    ],
    [
      'a period without VALUE',
      'RDATE:20261202T080000Z/PT3H',
      ['2026-12-02T08:00:00Z 2026-12-02T11:00:00Z UTC'],
    ],
    [
      'a date: at the same time of day',
      'RDATE;VALUE=DATE:20261202',
      ['2026-12-02T07:00:00Z 2026-12-02T08:00:00Z UTC'],
    ],
  ])('as %s', (_, line, more) => {
    const single = event('DTSTART;TZID=Europe/Berlin:20261201T080000', 'DURATION:PT1H', line);
    const { spans, problems } = read(calendar(single));
    expect([problems, spans]).toEqual([[], ['2026-12-01T07:00:00Z 2026-12-01T08:00:00Z UTC', ...more]]);
  });

  test('a period that is taken out again, and one that is over', () => {
    const single = event(
      'DTSTART:20260101T080000Z',
      'DURATION:PT1H',
      'RDATE;VALUE=PERIOD:20260202T080000Z/PT3H,20261202T080000Z/PT3H,20261203T080000Z/PT3H',
      'EXDATE:20261203T080000Z',
    );
    expect(starts(calendar(single))).toEqual(['2026-12-02T08:00:00Z']);
  });

  test.each([
    'RDATE;VALUE=PERIOD:20261202T080000Z/20261202T070000Z',
    'RDATE;VALUE=PERIOD:20261202T080000Z/x',
  ])('%s is no period', (line) => {
    const { spans, problems } = read(calendar(event('DTSTART:20261201T080000Z', 'DURATION:PT1H', line)));
    expect([spans, problems]).toEqual([[], [expect.stringMatching(/^4 the event "freeze" .*: /)]]);
  });
});

const VTIMEZONE = `BEGIN:VTIMEZONE
TZID:W. Europe Standard Time
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
`.replaceAll('\n', '\r\n');

describe('zones by the names of Windows', () => {
  const shift = event(
    'DTSTART;TZID="W. Europe Standard Time":20270701T080000',
    'DTEND;TZID="W. Europe Standard Time":20270701T180000',
    'RRULE:FREQ=WEEKLY;UNTIL=20270708T060000Z',
    'EXDATE;TZID="W. Europe Standard Time":20270708T080000',
  );
  test.each([
    ['with its VTIMEZONE', calendar(VTIMEZONE, shift)],
    ['without it', calendar(shift)],
  ])('%s', (_, text) => {
    expect(read(text).spans).toEqual(['2027-07-01T06:00:00Z 2027-07-01T16:00:00Z UTC']);
  });

  test('X-WR-TIMEZONE says where days and floating times are', () => {
    const text = calendar(
      'X-WR-TIMEZONE:Tokyo Standard Time\r\n',
      event('DTSTART;VALUE=DATE:20261220'),
      event('DTSTART:20261224T180000', 'DURATION:PT1H'),
    );
    expect(read(text).spans).toEqual([
      '2026-12-20 2026-12-21 Asia/Tokyo',
      '2026-12-24T09:00:00Z 2026-12-24T10:00:00Z UTC',
    ]);
  });

  test('an X-WR-TIMEZONE that nobody knows is named where it is needed, and only there', () => {
    const head = 'X-WR-TIMEZONE:Mars Standard Time\r\n';
    expect(read(calendar(head, AHEAD)).spans).toEqual([AHEAD_SPAN]);
    expect(read(calendar(head, event('DTSTART;VALUE=DATE:20261220'))).problems).toEqual([
      '5 the event "freeze" says no time zone, and X-WR-TIMEZONE "Mars Standard Time" is none that is known: add zone: <IANA name> beside calendar',
    ]);
  });

  test('a name that means several is refused with what is meant, unless the file defines it', () => {
    const short = event('DTSTART;TZID=CST:20261220T080000', 'DURATION:PT1H');
    expect(read(calendar(short)).problems).toEqual([
      expect.stringContaining('America/Chicago or Asia/Shanghai'),
    ]);
    const defined = VTIMEZONE.replace('W. Europe Standard Time', 'CST');
    expect(read(calendar(defined, short)).spans).toEqual(['2026-12-20T07:00:00Z 2026-12-20T08:00:00Z UTC']);
  });
});

test('every bad event ahead is said, each with its line and what to do', () => {
  const { spans, problems } = read(
    calendar(
      event('DTSTART:20261201T080000Z', 'RRULE:FREQ=SOMETIMES'),
      AHEAD,
      event('DTSTART:20261201T080000Z', 'nonsense'),
      event('DTSTART:20261201T080000Z', 'DTEND:20261130T080000Z'),
      'BEGIN:VEVENT\r\nSUMMARY:open end\r\nDTSTART:20261201T080000Z\r\n',
    ),
  );
  expect(spans).toEqual([]);
  expect(problems).toEqual([
    expect.stringMatching(
      /^8 the event "freeze" does not parse: .*SOMETIMES.*; put that line right, or take/,
    ),
    expect.stringMatching(
      /^20 the event "freeze" does not parse: .*nonsense.*; put that line right, or take/,
    ),
    '22 the event "freeze" ends before it begins: put DTEND behind DTSTART',
    '28 the event "open end" has no END:VEVENT: add it',
  ]);
});

test('a cancelled event is none, also where it does not parse', () => {
  expect(
    read(calendar(event('STATUS:CANCELLED', 'DTSTART:20261201T080000Z', 'RRULE:FREQ=SOMETIMES'), AHEAD)),
  ).toEqual({ spans: [AHEAD_SPAN], problems: [], warnings: [] });
});

test('a calendar that is cut off is refused as such', () => {
  const text = calendar(AHEAD, AHEAD);
  expect(read(text.slice(0, text.indexOf('END:VCALENDAR'))).problems).toEqual([
    expect.stringMatching(/^\d+ is cut off: it does not end with END:VCALENDAR/),
  ]);
});
