import ICAL from 'ical.js';
import { DateTime } from 'luxon';
import type { Freeze } from '../domain/window.ts';
import type { Occurrence } from './calendar-occurrences.ts';
import { momentsOf, occurrencesOf } from './calendar-occurrences.ts';
import { zoneNamed, CalendarZones } from './calendar-zones.ts';

/** How far ahead what recurs is written out, from when the file is read. */
const HORIZON_YEARS = 3;
/** Of one calendar, ahead: they travel with the fleet. */
const MOST = 2_000;
const NAME_LENGTH = 60;

export interface CalendarContent {
  /** What is not over yet, in order. */
  readonly freezes: readonly Freeze[];
  /** Each with its line, where there is one. */
  readonly problems: readonly { readonly line?: number; readonly message: string }[];
}

/**
 * The events of an iCalendar file (RFC 5545) as freezes: whole days as dates in `zone` (else X-WR-TIMEZONE), times as
 * moments, recurring ones written out three years ahead, cancelled ones left out. With a problem there are no freezes.
 */
export function readCalendar(
  text: string,
  { zone, nowMs }: { readonly zone?: string | undefined; readonly nowMs: number },
): CalendarContent {
  const parsed = parse(text);
  if ('message' in parsed) return { freezes: [], problems: [parsed] };
  const lines = linesOfEvents(text);
  const problems: { line?: number; message: string }[] = [];
  const found = parsed.calendars.flatMap((calendar) => {
    const said = calendar.getFirstPropertyValue('x-wr-timezone');
    const known = typeof said === 'string' ? zoneNamed(said) : undefined;
    const zones = new CalendarZones(calendar, zone ?? known);
    const events = calendar
      .getAllSubcomponents('vevent')
      .map((event) => ({ event, line: lines.shift() ?? 1 }));
    return freezesOf(events, { zones, nowMs, problems });
  });
  if (found.length > MOST)
    problems.push({
      message: `has ${found.length} freezes ahead or more, more than the ${MOST} that may be`,
    });
  if (problems.length > 0) return { freezes: [], problems };
  const inOrder = found.sort((a, b) => a.fromMs - b.fromMs || a.toMs - b.toMs);
  return { freezes: inOrder.map(({ freeze }) => freeze), problems };
}

type Parsed = { readonly calendars: ICAL.Component[] } | { readonly line?: number; readonly message: string };

function parse(text: string): Parsed {
  const no = 'is no iCalendar file: it must begin with BEGIN:VCALENDAR';
  if (!/^\uFEFF?\s*BEGIN:VCALENDAR/i.test(text)) return { line: 1, message: no };
  try {
    const parsed = ICAL.parse(text.replace(/^\uFEFF/, '')) as unknown[];
    const all = (Array.isArray(parsed[0]) ? parsed : [parsed]) as unknown[][];
    return { calendars: all.map((one) => new ICAL.Component(one)) };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const line = lineQuoted(text, why);
    return { ...(line < 0 ? {} : { line: line + 1 }), message: `does not parse: ${why}` };
  }
}

/** The library quotes what it does not understand, and does not say where it is. From 0; -1: it is not there. */
function lineQuoted(text: string, why: string): number {
  const lines = text.split(/\r?\n/);
  const places = [...why.matchAll(/"([^"]+)"/g)]
    .map(([, quoted = '']) => ({ quoted, line: lines.findIndex((one) => one.includes(quoted)) }))
    .filter(({ line }) => line >= 0);
  return places.sort((a, b) => b.quoted.length - a.quoted.length)[0]?.line ?? -1;
}

/** In the order in which the library has them. */
function linesOfEvents(text: string): number[] {
  return text.split(/\r?\n/).flatMap((line, index) => (/^BEGIN:VEVENT\s*$/i.test(line) ? [index + 1] : []));
}

interface Placed {
  readonly event: ICAL.Component;
  readonly line: number;
}

interface Found extends Occurrence {
  readonly freeze: Freeze;
}

/** A changed or cancelled occurrence is an event of its own, with the moment that it stands for. */
function freezesOf(
  events: readonly Placed[],
  of: {
    readonly zones: CalendarZones;
    readonly nowMs: number;
    readonly problems: { line?: number; message: string }[];
  },
): Found[] {
  const { zones, nowMs, problems } = of;
  const horizonMs = DateTime.fromMillis(nowMs, { zone: 'UTC' }).plus({ years: HORIZON_YEARS }).toMillis();
  const attempt = <T>({ event, line }: Placed, work: () => T[]): T[] => {
    try {
      return work();
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      problems.push({ line, message: `the event "${nameOf(event)}" ${why}` });
      return [];
    }
  };
  const changed = new Set(
    events.flatMap((placed) =>
      attempt(placed, () => momentsOf(placed.event, 'recurrence-id', zones)).map((ms) =>
        keyOf(placed.event, ms),
      ),
    ),
  );
  let count = 0;
  return events.flatMap((placed) => {
    const { event } = placed;
    // Said already, once they are counted.
    if (count > MOST) return [];
    if (textOf(event, 'status').toUpperCase() === 'CANCELLED') return [];
    const isChange = event.hasProperty('recurrence-id');
    const found = attempt(placed, () => {
      refuseRange(event);
      return [...occurrencesOf(event, zones, horizonMs)]
        .filter(([ms, { toMs }]) => toMs > nowMs && (isChange || !changed.has(keyOf(event, ms))))
        .map(([, occurrence]) => ({ ...occurrence, freeze: freezeOf(event, occurrence, zones) }));
    });
    count += found.length;
    return found;
  });
}

function refuseRange(event: ICAL.Component): void {
  if (event.getFirstProperty('recurrence-id')?.getFirstParameter('range') !== undefined)
    throw new Error(
      'changes all that follow (RANGE), which is not read: end the old event, and begin a new one',
    );
}

const keyOf = (event: ICAL.Component, ms: number): string => `${textOf(event, 'uid')} ${ms}`;

function freezeOf(event: ICAL.Component, { fromMs, toMs, days }: Occurrence, zones: CalendarZones): Freeze {
  const name = nameOf(event);
  if (days) return { ...days, zone: zones.own, name };
  return { from: momentOf(fromMs), to: momentOf(toMs), zone: 'UTC', name };
}

/** `2026-12-24T17:00:00Z`. */
const momentOf = (ms: number): string =>
  DateTime.fromMillis(ms, { zone: 'UTC' }).toISO({ suppressMilliseconds: true }) ?? '';

function nameOf(event: ICAL.Component): string {
  const name = textOf(event, 'summary').replaceAll(/\s+/g, ' ').trim();
  return name === '' ? 'without a summary' : name.slice(0, NAME_LENGTH);
}

function textOf(event: ICAL.Component, property: string): string {
  const value: unknown = event.getFirstPropertyValue(property);
  return typeof value === 'string' ? value : '';
}
