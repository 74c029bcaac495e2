import ICAL from 'ical.js';
import { DateTime } from 'luxon';
import type { CalendarZones, WallClock } from './zones.ts';
import { floating } from './zones.ts';

/** A time as it is written, and the end that a period has beside it. */
export interface WrittenTime {
  readonly time: ICAL.Time;
  readonly end?: ICAL.Time | ICAL.Duration;
}

/** Of a property with one time. Throws for what it cannot read. */
export function timeOf(property: ICAL.Property): ICAL.Time {
  const [first] = timesOf(property);
  if (!first) throw unreadable(property, 'nothing');
  return first.time;
}

/** Dates, times and periods, as they are written. Throws for what it cannot read. */
export function timesOf(property: ICAL.Property): WrittenTime[] {
  const [, , , ...values] = property.toJSON() as unknown[];
  return values.map((value) => {
    const [from, to] = Array.isArray(value) ? value.map(String) : [String(value)];
    if (to === undefined) return { time: readTime(property, from ?? '') };
    const isLength = /^\+?P\w*\d[HMSDW]/.test(to);
    const end = isLength ? ICAL.Duration.fromString(to) : readTime(property, to);
    return { time: readTime(property, from ?? ''), end };
  });
}

function readTime(property: ICAL.Property, text: string): ICAL.Time {
  // As written: the library would take a 32nd of January for a 1st of February, and a date for a time that has none.
  const iso = text.replace(/T::$/, '');
  if (!/^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\dZ?)?$/.test(iso) || !DateTime.fromISO(iso).isValid)
    throw unreadable(property, text.replace(/T::$|--T::$/, ''));
  return ICAL.Time.fromString(iso, property);
}

const unreadable = ({ name }: ICAL.Property, text: string): Error =>
  new Error(
    `has no time in ${name.toUpperCase()} that can be read: ${text}; write it as 20261224, 20261224T180000 or 20261224T170000Z`,
  );

/** When a property's times are: moments, and days of which every time is meant. */
export interface Named {
  readonly moments: ReadonlySet<number>;
  /** `2026-12-24`. */
  readonly days: ReadonlySet<string>;
}

/** What EXDATE or RECURRENCE-ID names. Where days recur, it is a day that is meant, whatever time it has. */
export function namedBy(
  properties: readonly ICAL.Property[],
  { zones, inDays }: { readonly zones: CalendarZones; readonly inDays: boolean },
): Named {
  const moments = new Set<number>();
  const days = new Set<string>();
  for (const property of properties) {
    for (const { time } of timesOf(property)) {
      if (time.isDate) days.add(dayOf(time));
      else if (inDays) days.add(dayMeant(time, zones));
      else moments.add(zones.clockOf(property, time).msOf(time));
    }
  }
  return { moments, days };
}

/** Of a moment in UTC that is midnight where the days are, the day that begins there; else the day as it is written. */
function dayMeant(time: ICAL.Time, zones: CalendarZones): string {
  if (time.zone.tzid !== 'UTC') return dayOf(time);
  const there = DateTime.fromMillis(time.toUnixTime() * 1_000, { zone: zones.own });
  return there.hour === 0 && there.minute === 0 ? (there.toISODate() ?? dayOf(time)) : dayOf(time);
}

export const dayOf = ({ year, month, day }: ICAL.Time): string =>
  DateTime.utc(year, month, day).toISODate() ?? '';

/** Midnight, or the first moment of a day that has none. */
export function dayClock(zone: string): WallClock {
  return {
    msOf: ({ year, month, day }) => DateTime.fromObject({ year, month, day }, { zone }).toMillis(),
    timeAt: (ms) => {
      const { year, month, day } = DateTime.fromMillis(ms, { zone });
      return floating({ year, month, day, hour: 0, minute: 0, second: 0, isDate: true });
    },
  };
}
