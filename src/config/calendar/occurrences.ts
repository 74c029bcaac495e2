import ICAL from 'ical.js';
import { byRule } from './rules.ts';
import { dayClock, dayOf, namedBy, timeOf, timesOf } from './times.ts';
import type { CalendarZones, WallClock } from './zones.ts';
import { floating } from './zones.ts';

/** When something happens once; `days`: whole ones, as `2026-12-24`, the last one exclusive. Without length: `fromMs` is `toMs`. */
export interface Occurrence {
  /** On which day of its own clock it begins. */
  readonly day: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly days?: { readonly from: string; readonly to: string };
}

interface Known {
  readonly clock: WallClock;
  readonly zones: CalendarZones;
}

/** Every time that an event happens before `horizonMs`, by the moment at which it begins. Throws for what it cannot read. */
export function occurrencesOf(
  event: ICAL.Component,
  zones: CalendarZones,
  horizonMs: number,
): ReadonlyMap<number, Occurrence> {
  const dtstart = event.getFirstProperty('dtstart');
  if (!dtstart) throw new Error('has no DTSTART: say when it begins');
  const start = timeOf(dtstart);
  const clock = start.isDate ? dayClock(zones.own) : zones.clockOf(dtstart, start);
  const known = { clock, zones };
  const spanFrom = lengthOf(event, start, known);
  const spans = [
    ...[start, ...recurring(event, start, { ...known, horizonMs })].map(spanFrom),
    ...furtherOf(event, start, { ...known, spanFrom }),
  ];
  const gone = namedBy(event.getAllProperties('exdate'), { zones, inDays: start.isDate });
  return new Map(
    spans
      .filter(({ fromMs, day }) => !gone.moments.has(fromMs) && !gone.days.has(day))
      .map((span) => [span.fromMs, span]),
  );
}

/** From a beginning to its end: as long as DTEND says, by DURATION, or a day where it is one; else without length. */
function lengthOf(
  event: ICAL.Component,
  start: ICAL.Time,
  { clock, zones }: Known,
): (from: ICAL.Time) => Occurrence {
  const dtend = event.getFirstProperty('dtend');
  const end = dtend && timeOf(dtend);
  if (end && end.isDate !== start.isDate)
    throw new Error('has a day at one end and a time at the other: write both alike');
  const written: unknown = event.getFirstPropertyValue('duration');
  const duration = written instanceof ICAL.Duration ? written : end ? end.subtractDate(start) : undefined;
  if (start.isDate) return (from) => wholeDays(from, duration && afterwards(from, duration), clock);
  // By the clocks of both ends: they may be in two zones.
  const exactMs =
    written instanceof ICAL.Duration || !dtend || !end
      ? undefined
      : zones.clockOf(dtend, end).msOf(end) - clock.msOf(start);
  return (from) => {
    const fromMs = clock.msOf(from);
    const toMs =
      duration && exactMs === undefined ? clock.msOf(afterwards(from, duration)) : fromMs + (exactMs ?? 0);
    return forward({ day: dayOf(from), fromMs, toMs });
  };
}

/** A day that ends on itself is that day: so they are written by some, and meant by all. */
function wholeDays(from: ICAL.Time, end: ICAL.Time | undefined, clock: WallClock): Occurrence {
  const day = dayOf(from);
  const to = end && dayOf(end) !== day ? end : afterwards(from, ICAL.Duration.fromData({ days: 1 }));
  return forward({ day, fromMs: clock.msOf(from), toMs: clock.msOf(to), days: { from: day, to: dayOf(to) } });
}

function afterwards(from: ICAL.Time, duration: ICAL.Duration): ICAL.Time {
  const to = from.clone();
  to.addDuration(duration);
  return to;
}

function forward(span: Occurrence): Occurrence {
  if (span.fromMs <= span.toMs) return span;
  throw new Error('ends before it begins: put DTEND behind DTSTART');
}

/** What RDATE adds: a day or a time is as long as the event, a period as long as it says. */
function furtherOf(
  event: ICAL.Component,
  start: ICAL.Time,
  { clock, zones, spanFrom }: Known & { readonly spanFrom: (from: ICAL.Time) => Occurrence },
): Occurrence[] {
  return event.getAllProperties('rdate').flatMap((property) =>
    timesOf(property).map(({ time, end }) => {
      if (time.isDate) return spanFrom(start.isDate ? time : atTimeOf(start, time));
      const own = zones.clockOf(property, time);
      const from = clock.timeAt(own.msOf(time));
      if (end === undefined) return spanFrom(from);
      const to = end instanceof ICAL.Duration ? afterwards(time, end) : end;
      return start.isDate
        ? wholeDays(from, clock.timeAt(own.msOf(to)), clock)
        : forward({ day: dayOf(from), fromMs: own.msOf(time), toMs: own.msOf(to) });
    }),
  );
}

/** That day, at the time of day of another. */
const atTimeOf = ({ hour, minute, second }: ICAL.Time, { year, month, day }: ICAL.Time): ICAL.Time =>
  floating({ year, month, day, hour, minute, second, isDate: false });

/** What the rules add. */
function recurring(
  event: ICAL.Component,
  start: ICAL.Time,
  { clock, horizonMs }: Known & { readonly horizonMs: number },
): ICAL.Time[] {
  const horizon = clock.timeAt(horizonMs);
  return event.getAllProperties('rrule').flatMap((property) => {
    const rule: unknown = property.getFirstValue();
    if (!(rule instanceof ICAL.Recur)) throw new Error('has an RRULE that cannot be read: put it right');
    // Some calendars end what has times of day by a date: that whole day is meant.
    if (rule.until?.isDate && !start.isDate) rule.until = endOf(rule.until);
    else if (rule.until && !rule.until.isDate && rule.until.zone.tzid === 'UTC')
      rule.until = clock.timeAt(rule.until.toUnixTime() * 1_000);
    return byRule(rule, floating(start), horizon);
  });
}

const endOf = ({ year, month, day }: ICAL.Time): ICAL.Time =>
  floating({ year, month, day, hour: 23, minute: 59, second: 59, isDate: false });
