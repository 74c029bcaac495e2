import ICAL from 'ical.js';
import { DateTime } from 'luxon';
import type { CalendarZones, WallClock } from './calendar-zones.ts';
import { floating } from './calendar-zones.ts';

/** When something happens once; `days`: whole ones, as `2026-12-24`, the last one exclusive. */
export interface Occurrence {
  readonly fromMs: number;
  readonly toMs: number;
  readonly days?: { readonly from: string; readonly to: string };
}

/** Of one rule, in all: what recurs more often is no freeze. */
const LOOKS = 200_000;

/** Every time that an event happens before `horizonMs`, by the moment at which it begins. Throws for what it cannot read. */
export function occurrencesOf(
  event: ICAL.Component,
  zones: CalendarZones,
  horizonMs: number,
): ReadonlyMap<number, Occurrence> {
  const dtstart = event.getFirstProperty('dtstart');
  if (!dtstart) throw new Error('has no DTSTART');
  const start = timeOf(dtstart);
  const clock = start.isDate ? dayClock(zones.own) : zones.clockOf(dtstart);
  const spanFrom = lengthOf(event, start, { clock, zones });
  const spans = [start, ...recurring(event, start, { clock, zones, horizonMs })].map(spanFrom);
  const gone = new Set(momentsOf(event, 'exdate', zones));
  return new Map(spans.filter(({ fromMs }) => !gone.has(fromMs)).map((span) => [span.fromMs, span]));
}

/** The moments that properties of one name say. */
export function momentsOf(event: ICAL.Component, name: string, zones: CalendarZones): number[] {
  return event.getAllProperties(name).flatMap((property) => {
    const times = timesOf(property);
    return times.map((time) =>
      time.isDate ? dayClock(zones.own).msOf(time) : zones.clockOf(property).msOf(time),
    );
  });
}

interface Known {
  readonly clock: WallClock;
  readonly zones: CalendarZones;
}

/** From a beginning to its end: as long as DTEND says, by DURATION, or a day where it is one. */
function lengthOf(
  event: ICAL.Component,
  start: ICAL.Time,
  { clock, zones }: Known,
): (from: ICAL.Time) => Occurrence {
  const dtend = event.getFirstProperty('dtend');
  const end = dtend && timeOf(dtend);
  if (end && end.isDate !== start.isDate) throw new Error('has a day at one end and a time at the other');
  const duration: unknown = event.getFirstPropertyValue('duration');
  if (!end && !(duration instanceof ICAL.Duration) && !start.isDate)
    throw new Error('has no end: add DTEND or DURATION');
  const later = (from: ICAL.Time): ICAL.Time => {
    const to = from.clone();
    if (duration instanceof ICAL.Duration) to.addDuration(duration);
    else to.addDuration(end ? end.subtractDate(start) : ICAL.Duration.fromSeconds(24 * 60 * 60));
    return to;
  };
  if (start.isDate) {
    return (from) => {
      const to = later(from);
      const span = { fromMs: clock.msOf(from), toMs: clock.msOf(to) };
      return forward({ ...span, days: { from: dayOf(from), to: dayOf(to) } });
    };
  }
  if (!dtend || !end) return (from) => forward({ fromMs: clock.msOf(from), toMs: clock.msOf(later(from)) });
  const exactMs = zones.clockOf(dtend).msOf(end) - clock.msOf(start);
  return (from) => forward({ fromMs: clock.msOf(from), toMs: clock.msOf(from) + exactMs });
}

function forward(span: Occurrence): Occurrence {
  if (span.fromMs < span.toMs) return span;
  throw new Error('ends before it begins, or at once');
}

/** What the rules and the further dates add. */
function recurring(
  event: ICAL.Component,
  start: ICAL.Time,
  { clock, zones, horizonMs }: Known & { readonly horizonMs: number },
): ICAL.Time[] {
  const rules = event.getAllProperties('rrule').map((property): unknown => property.getFirstValue());
  const further = momentsOf(event, 'rdate', zones).map((ms) => clock.timeAt(ms));
  const horizon = clock.timeAt(horizonMs);
  return [
    ...rules.flatMap((rule) => {
      if (!(rule instanceof ICAL.Recur)) throw new Error('has an RRULE that cannot be read');
      // Some calendars end what has times of day by a date: that whole day is meant.
      if (rule.until?.isDate && !start.isDate) rule.until = endOf(rule.until);
      else if (rule.until && !rule.until.isDate && rule.until.zone.tzid === 'UTC')
        rule.until = clock.timeAt(rule.until.toUnixTime() * 1_000);
      return byRule(rule, floating(start), horizon);
    }),
    ...further,
  ];
}

const endOf = ({ year, month, day }: ICAL.Time): ICAL.Time =>
  floating({ year, month, day, hour: 23, minute: 59, second: 59, isDate: false });

/** On the wall clock. The library itself would look for ever for what never comes. */
function byRule(rule: ICAL.Recur, start: ICAL.Time, horizon: ICAL.Time): ICAL.Time[] {
  const iterator = rule.iterator(start);
  const fits = iterator.check_contracting_rules.bind(iterator);
  let looks = 0;
  iterator.check_contracting_rules = () => {
    looks += 1;
    if (looks > LOOKS) throw new Error('recurs too often for a freeze');
    return iterator.last.compare(horizon) > 0 || fits();
  };
  const times: ICAL.Time[] = [];
  for (;;) {
    const next = iterator.next() as ICAL.Time | null;
    if (!next || next.compare(horizon) > 0) return times;
    times.push(next.clone());
  }
}

function timeOf(property: ICAL.Property): ICAL.Time {
  const [time] = timesOf(property);
  if (!time) throw new Error(`has no time in ${property.name.toUpperCase()}`);
  return time;
}

function timesOf(property: ICAL.Property): ICAL.Time[] {
  // As written: the library would take a 32nd of January for a 1st of February.
  const { name, values } = { name: property.name.toUpperCase(), values: rawValues(property) };
  return values.map((text) => {
    if (!/^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\dZ?)?$/.test(text) || !DateTime.fromISO(text).isValid)
      throw new Error(`has no time in ${name} that can be read: ${text}`);
    return ICAL.Time.fromString(text, property);
  });
}

function rawValues(property: ICAL.Property): string[] {
  const [, , , ...values] = property.toJSON() as unknown[];
  return values.map(String);
}

const dayOf = ({ year, month, day }: ICAL.Time): string => DateTime.utc(year, month, day).toISODate() ?? '';

/** Midnight, or the first moment of a day that has none. */
function dayClock(zone: string): WallClock {
  return {
    msOf: ({ year, month, day }) => DateTime.fromObject({ year, month, day }, { zone }).toMillis(),
    timeAt: (ms) => {
      const { year, month, day } = DateTime.fromMillis(ms, { zone });
      return floating({ year, month, day, hour: 0, minute: 0, second: 0, isDate: true });
    },
  };
}
