import ICAL from 'ical.js';
import { DateTime } from 'luxon';
import { findIana } from 'windows-iana';
import { isZone, zoneProblem } from '../../domain/windows/zone.ts';

/** How times on the wall clock of one place are read. */
export interface WallClock {
  msOf(time: ICAL.Time): number;
  /** What the clock shows at that moment. */
  timeAt(ms: number): ICAL.Time;
}

/**
 * The clocks that a calendar may name: IANA zones by this Node's tables, others by the calendar's own VTIMEZONE.
 * What names none (dates, floating times) is read in `ownZone`.
 */
export class CalendarZones {
  readonly #calendar: ICAL.Component;
  readonly #ownZone: string | undefined;
  readonly #said: string | undefined;

  /** `said`: its X-WR-TIMEZONE, for where nobody names a `zone`. */
  constructor(
    calendar: ICAL.Component,
    { zone, said }: { readonly zone: string | undefined; readonly said: string | undefined },
  ) {
    this.#calendar = calendar;
    this.#ownZone = zone ?? (said === undefined ? undefined : zoneNamed(said));
    this.#said = said;
  }

  /** Of days, and of times without a zone. Throws where nobody says it. */
  get own(): string {
    if (this.#ownZone !== undefined) return this.#ownZone;
    const why = this.#said === undefined ? '' : `, and X-WR-TIMEZONE "${this.#said}" is none that is known`;
    throw new Error(`says no time zone${why}: add zone: <IANA name> beside calendar`);
  }

  /** Of a time in a property. Throws for a zone that is unknown. */
  clockOf(property: ICAL.Property, time: ICAL.Time): WallClock {
    if (time.zone.tzid === 'UTC') return ianaClock('UTC');
    const tzid: unknown = property.getFirstParameter('tzid');
    if (typeof tzid !== 'string' || tzid === '') return ianaClock(this.own);
    const named = zoneNamed(tzid);
    if (named !== undefined) return ianaClock(named);
    const defined = this.#calendar
      .getAllSubcomponents('vtimezone')
      .find((zone) => zone.getFirstPropertyValue('tzid') === tzid);
    if (defined) return definedClock(new ICAL.Timezone(defined));
    throw new Error(
      `is in the time zone "${tzid}", which ${zoneProblem(tzid) ?? ''}; or put its VTIMEZONE into the file`,
    );
  }
}

/** The IANA zone that a calendar means: by that name, or by Windows' own, as CLDR maps them. */
function zoneNamed(name: string): string | undefined {
  return isZone(name) ? name : findIana(name)[0];
}

function ianaClock(zone: string): WallClock {
  return {
    msOf: ({ year, month, day, hour, minute, second }) =>
      DateTime.fromObject({ year, month, day, hour, minute, second }, { zone }).toMillis(),
    timeAt: (ms) => {
      const { year, month, day, hour, minute, second } = DateTime.fromMillis(ms, { zone });
      return floating({ year, month, day, hour, minute, second, isDate: false });
    },
  };
}

function definedClock(zone: ICAL.Timezone): WallClock {
  return {
    msOf: (time) => new ICAL.Time(fieldsOf(time), zone).toUnixTime() * 1_000,
    timeAt: (ms) => {
      const utc = ICAL.Time.fromJSDate(new Date(ms), true);
      return floating(utc.convertToZone(zone));
    },
  };
}

type Fields = Pick<ICAL.Time, 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second' | 'isDate'>;

/** What a clock shows, whatever zone it belongs to. */
export function floating(time: Fields): ICAL.Time {
  return new ICAL.Time(fieldsOf(time), ICAL.Timezone.localTimezone);
}

function fieldsOf({ year, month, day, hour, minute, second, isDate }: Fields): Fields {
  return { year, month, day, hour, minute, second, isDate };
}
