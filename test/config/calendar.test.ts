import { describe, expect, test } from '@jest/globals';
import { readCalendar } from '../../src/config/calendar/calendar.ts';

const NOW_MS = Date.parse('2026-11-24T12:00:00Z');

function event(...lines: string[]): string {
  return ['BEGIN:VEVENT', 'UID:1', 'SUMMARY:freeze', ...lines, 'END:VEVENT', ''].join('\r\n');
}
const calendar = (...parts: string[]): string =>
  `BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\n${parts.join('')}END:VCALENDAR\r\n`;

function spans(text: string, zone?: string): string[] {
  const { freezes, problems } = readCalendar(text, { zone, nowMs: NOW_MS });
  expect(problems).toEqual([]);
  return freezes.map((freeze) => `${freeze.from} ${freeze.to} ${freeze.zone}`);
}

const VTIMEZONE = `BEGIN:VTIMEZONE
TZID:Plant time
BEGIN:STANDARD
DTSTART:19701025T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:19700329T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
END:VTIMEZONE
`.replaceAll('\n', '\r\n');

describe('an event becomes a freeze', () => {
  test.each([
    [
      'whole days, the last one exclusive',
      ['DTSTART;VALUE=DATE:20261220', 'DTEND;VALUE=DATE:20270107'],
      '2026-12-20 2027-01-07 Europe/Berlin',
    ],
    ['one day without an end', ['DTSTART;VALUE=DATE:20261220'], '2026-12-20 2026-12-21 Europe/Berlin'],
    [
      'a number of days',
      ['DTSTART;VALUE=DATE:20261220', 'DURATION:P3D'],
      '2026-12-20 2026-12-23 Europe/Berlin',
    ],
    [
      'UTC',
      ['DTSTART:20261224T170000Z', 'DTEND:20261227T050000Z'],
      '2026-12-24T17:00:00Z 2026-12-27T05:00:00Z UTC',
    ],
    [
      'a zone of its own',
      ['DTSTART;TZID=America/New_York:20261224T180000', 'DTEND;TZID=Europe/Berlin:20261225T180000'],
      '2026-12-24T23:00:00Z 2026-12-25T17:00:00Z UTC',
    ],
    [
      'no zone, winter time',
      ['DTSTART:20261224T180000', 'DURATION:PT6H'],
      '2026-12-24T17:00:00Z 2026-12-24T23:00:00Z UTC',
    ],
    [
      'a zone as Windows calls it, without a definition',
      [
        'DTSTART;TZID=W. Europe Standard Time:20270701T080000',
        'DTEND;TZID=AUS Eastern Standard Time:20270701T180000',
      ],
      '2027-07-01T06:00:00Z 2027-07-01T08:00:00Z UTC',
    ],
    [
      'a zone that the file itself defines, summer time',
      ['DTSTART;TZID=Plant time:20270701T080000', 'DTEND;TZID=Plant time:20270701T180000'],
      '2027-07-01T06:00:00Z 2027-07-01T16:00:00Z UTC',
    ],
  ])('%s', (_name, lines, span) => {
    expect(spans(calendar(VTIMEZONE, event(...lines)), 'Europe/Berlin')).toEqual([span]);
  });

  test('with its summary for a name, in the order of time, and what is over is left out', () => {
    const { freezes } = readCalendar(
      calendar(
        event('DTSTART;VALUE=DATE:20270301').replace('freeze', 'year end\\, all sites'),
        event('DTSTART:20261124T110000Z', 'DTEND:20261124T120000Z'),
        event('DTSTART:20261124T110000Z', 'DTEND:20261124T120001Z').replace('SUMMARY:freeze\r\n', ''),
      ),
      { zone: 'UTC', nowMs: NOW_MS },
    );
    expect(freezes.map(({ name }) => name)).toEqual(['without a summary', 'year end, all sites']);
  });

  test('days are read in the calendar’s zone where the entry names none', () => {
    const text = calendar('X-WR-TIMEZONE:Asia/Tokyo\r\n', event('DTSTART;VALUE=DATE:20261220'));
    expect(spans(text)).toEqual(['2026-12-20 2026-12-21 Asia/Tokyo']);
    expect(spans(text, 'UTC')).toEqual(['2026-12-20 2026-12-21 UTC']);
  });

  test('lines may be folded, end in LF only, and follow a byte order mark', () => {
    const text = calendar(event('DTSTART;VALUE=DATE:2026\r\n 1220')).replaceAll('\r\n', '\n');
    expect(spans(`\uFEFF${text}`, 'UTC')).toEqual(['2026-12-20 2026-12-21 UTC']);
  });
});

describe('what recurs is written out', () => {
  test('three years ahead', () => {
    expect(
      spans(
        calendar(event('DTSTART;VALUE=DATE:20101220', 'DTEND;VALUE=DATE:20110107', 'RRULE:FREQ=YEARLY')),
        'UTC',
      ),
    ).toEqual(['2026-12-20 2027-01-07 UTC', '2027-12-20 2028-01-07 UTC', '2028-12-20 2029-01-07 UTC']);
  });

  test('to the end of the day where a date ends what has a time', () => {
    const shifts = calendar(
      event('DTSTART;TZID=Europe/Berlin:20261230T060000', 'DURATION:PT2H', 'RRULE:FREQ=DAILY;UNTIL=20261231'),
    );
    expect(spans(shifts, 'UTC')).toEqual([
      '2026-12-30T05:00:00Z 2026-12-30T07:00:00Z UTC',
      '2026-12-31T05:00:00Z 2026-12-31T07:00:00Z UTC',
    ]);
  });

  test('on the wall clock, through a change of the hour, to the last one that UNTIL names', () => {
    expect(
      spans(
        calendar(
          event(
            'DTSTART;TZID=Europe/Berlin:20270320T010000',
            'DURATION:PT2H',
            'RRULE:FREQ=WEEKLY;UNTIL=20270402T225959Z',
          ),
        ),
        'UTC',
      ),
    ).toEqual([
      '2027-03-20T00:00:00Z 2027-03-20T02:00:00Z UTC',
      '2027-03-27T00:00:00Z 2027-03-27T02:00:00Z UTC',
    ]);
    expect(
      spans(
        calendar(
          event(
            'DTSTART;TZID=Europe/Berlin:20270327T010000',
            'DURATION:PT1H',
            'RRULE:FREQ=WEEKLY;UNTIL=20270402T230000Z',
          ),
        ),
        'UTC',
      ),
    ).toEqual([
      '2027-03-27T00:00:00Z 2027-03-27T01:00:00Z UTC',
      '2027-04-02T23:00:00Z 2027-04-03T00:00:00Z UTC',
    ]);
  });

  test('with its exceptions, further dates, moved and cancelled occurrences', () => {
    const weekly = event(
      'DTSTART;TZID=Europe/Berlin:20261201T080000',
      'DTEND;TZID=Europe/Berlin:20261201T090000',
      'RRULE:FREQ=WEEKLY;COUNT=5',
      'EXDATE;TZID=Europe/Berlin:20261208T080000',
      'RDATE;TZID=Europe/Berlin:20261202T080000',
    );
    const moved = event(
      'RECURRENCE-ID:20261215T070000Z',
      'DTSTART:20261216T100000Z',
      'DTEND:20261216T110000Z',
    );
    const cancelled = event(
      'RECURRENCE-ID;TZID=Europe/Berlin:20261222T080000',
      'DTSTART;TZID=Europe/Berlin:20261222T080000',
      'DTEND;TZID=Europe/Berlin:20261222T090000',
      'STATUS:CANCELLED',
    );
    expect(spans(calendar(weekly, moved, cancelled), 'UTC')).toEqual([
      '2026-12-01T07:00:00Z 2026-12-01T08:00:00Z UTC',
      '2026-12-02T07:00:00Z 2026-12-02T08:00:00Z UTC',
      '2026-12-16T10:00:00Z 2026-12-16T11:00:00Z UTC',
      '2026-12-29T07:00:00Z 2026-12-29T08:00:00Z UTC',
    ]);
  });

  test('a cancelled event is none, whatever it says', () => {
    expect(spans(calendar(event('STATUS:CANCELLED', 'DTSTART:20261201T080000Z')))).toEqual([]);
  });

  test('what never comes ends too', () => {
    expect(
      spans(
        calendar(
          event('DTSTART;VALUE=DATE:20261201', 'RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30'),
          event('DTSTART;VALUE=DATE:20261202', 'RRULE:FREQ=DAILY;INTERVAL=7;BYDAY=MO'),
        ),
        'UTC',
      ),
    ).toEqual(['2026-12-01 2026-12-02 UTC', '2026-12-02 2026-12-03 UTC']);
  });
});

describe('what cannot be read is said with its line', () => {
  test.each([
    ['nothing', '', 1, 'is no iCalendar file'],
    ['a web page', '<html>\n', 1, 'is no iCalendar file'],
    ['half a file', 'BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n', 2, 'is cut off'],
    ['a line that is none', calendar(event('DTSTART:20261201T080000Z', 'nonsense')), 8, 'does not parse'],
    ['no beginning', calendar(event()), 4, 'the event "freeze" has no DTSTART'],
    ['a day that is none', calendar(event('DTSTART;VALUE=DATE:20261341')), 4, 'has no time in DTSTART'],
    ['a word', calendar(event('DTSTART:tomorrow')), 4, 'has no time in DTSTART'],
    [
      'an end before the beginning',
      calendar(event('DTSTART:20261201T080000Z', 'DTEND:20261201T070000Z')),
      4,
      'ends before it begins',
    ],
    [
      'a day and a time',
      calendar(event('DTSTART;VALUE=DATE:20261201', 'DTEND:20261201T070000Z')),
      4,
      'a day at one end',
    ],
    [
      'an unknown zone',
      calendar(event('DTSTART;TZID=Mars:20261201T080000', 'DURATION:PT1H')),
      4,
      'the time zone "Mars", which is no known time zone',
    ],
    ['an unknown rule', calendar(event('DTSTART:20261201T080000Z', 'RRULE:FREQ=SOMETIMES')), 8, 'SOMETIMES'],
    [
      'a second that recurs',
      calendar(event('DTSTART:20261201T080000Z', 'DURATION:PT1S', 'RRULE:FREQ=SECONDLY')),
      4,
      'recurs too often',
    ],
    [
      'a change of all that follow',
      calendar(
        event(
          'RECURRENCE-ID;RANGE=THISANDFUTURE:20261201T080000Z',
          'DTSTART:20261201T080000Z',
          'DURATION:PT1H',
        ),
      ),
      4,
      'RANGE',
    ],
    [
      'more freezes than may travel',
      calendar(event('DTSTART:20261201T080000Z', 'DURATION:PT1M', 'RRULE:FREQ=HOURLY')),
      undefined,
      'more than the 2000',
    ],
  ])('%s', (_name, text, line, message) => {
    const { freezes, problems } = readCalendar(text, { zone: 'UTC', nowMs: NOW_MS });
    expect(freezes).toEqual([]);
    expect(problems).toEqual([
      { ...(line === undefined ? {} : { line }), message: expect.stringContaining(message) },
    ]);
  });

  test('days and floating times need a zone; every event is looked at', () => {
    const text = calendar(
      event('DTSTART;VALUE=DATE:20261201'),
      event('DTSTART:20261201T080000', 'DURATION:PT1H'),
    );
    expect(readCalendar(text, { nowMs: NOW_MS }).problems).toEqual([
      { line: 4, message: expect.stringContaining('add zone: <IANA name> beside calendar') },
      { line: 9, message: expect.stringContaining('says no time zone') },
    ]);
  });
});
