import type ICAL from 'ical.js';
import { DateTime } from 'luxon';
import type { Freeze } from '../../domain/windows/policy.ts';
import type { WrittenEvent } from './events.ts';
import { calendarsIn, ParseFailed, readEvent } from './events.ts';
import type { Occurrence } from './occurrences.ts';
import { occurrencesOf } from './occurrences.ts';
import { isOver } from './past.ts';
import type { Named } from './times.ts';
import { namedBy, timeOf } from './times.ts';
import { CalendarZones } from './zones.ts';

/** How far ahead what recurs is written out, from when the file is read. */
const HORIZON_YEARS = 3;
/** Of one calendar, ahead: they travel with the fleet. */
const MOST = 2_000;
const NAME_LENGTH = 60;

export interface CalendarContent {
  /** What is not over yet, in order. */
  readonly freezes: readonly Freeze[];
  /** What must be put right first. */
  readonly problems: readonly CalendarRemark[];
  /** What freezes nothing, though it is an event. */
  readonly warnings: readonly CalendarRemark[];
}

/** With its line, where there is one. */
export interface CalendarRemark {
  readonly line?: number;
  readonly message: string;
}

/**
 * The events of an iCalendar file (RFC 5545) as freezes: whole days as dates in `zone` (else X-WR-TIMEZONE), times as
 * moments, recurring ones written out three years ahead, cancelled ones left out. With a problem there are no freezes. What is
 * over, or has no length, freezes nothing: it is no problem.
 */
export function readCalendar(
  text: string,
  { zone, nowMs }: { readonly zone?: string | undefined; readonly nowMs: number },
): CalendarContent {
  const calendars = calendarsIn(text);
  if ('message' in calendars) return { freezes: [], problems: [calendars], warnings: [] };
  const remarks = { problems: new Array<CalendarRemark>(), warnings: new Array<CalendarRemark>() };
  const found = calendars.flatMap(({ calendar, events }) => {
    const said = calendar.getFirstPropertyValue('x-wr-timezone');
    const zones = new CalendarZones(calendar, { zone, said: typeof said === 'string' ? said : undefined });
    return freezesOf(events, { zones, nowMs, ...remarks });
  });
  const { problems, warnings } = remarks;
  problems.sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
  if (found.length > MOST)
    problems.push({
      message:
        `has ${found.length} freezes ahead or more, more than the ${MOST} that may be: ` +
        'write longer events instead of many, or end what recurs by UNTIL',
    });
  if (problems.length > 0) return { freezes: [], problems, warnings };
  const inOrder = found.sort((a, b) => a.fromMs - b.fromMs || a.toMs - b.toMs);
  return { freezes: inOrder.map(({ freeze }) => freeze), problems, warnings };
}

interface Reading {
  readonly zones: CalendarZones;
  readonly nowMs: number;
  readonly problems: CalendarRemark[];
  readonly warnings: CalendarRemark[];
}

interface Read {
  readonly event: ICAL.Component;
  readonly written: WrittenEvent;
  /** Of a changed or cancelled occurrence: what it stands for. */
  readonly change?: Named;
}

interface Found extends Occurrence {
  readonly freeze: Freeze;
}

function freezesOf(written: readonly WrittenEvent[], reading: Reading): Found[] {
  const { zones, nowMs, warnings } = reading;
  const horizonMs = DateTime.fromMillis(nowMs, { zone: 'UTC' }).plus({ years: HORIZON_YEARS }).toMillis();
  const events = written.filter(isOn).flatMap((one) => attempt(one, reading, () => [readOne(one, zones)]));
  const changes = new Map<string, Named[]>();
  for (const { event, change } of events) {
    const uid = textOf(event, 'uid');
    if (change) changes.set(uid, [...(changes.get(uid) ?? []), change]);
  }
  let count = 0;
  return events.flatMap(({ event, change, written: one }) => {
    // Said already, once they are counted.
    if (count > MOST || isCancelled(event)) return [];
    const changed = change ? [] : (changes.get(textOf(event, 'uid')) ?? []);
    const found = attempt(one, reading, () => {
      refuseRange(event);
      const ahead = [...occurrencesOf(event, zones, horizonMs).values()].filter(
        ({ fromMs, toMs, day }) =>
          toMs > nowMs && !changed.some(({ moments, days }) => moments.has(fromMs) || days.has(day)),
      );
      if (ahead.some(({ fromMs, toMs }) => fromMs === toMs)) warnings.push(withoutLength(event, one));
      return ahead
        .filter(({ fromMs, toMs }) => fromMs < toMs)
        .map((occurrence) => ({ ...occurrence, freeze: freezeOf(event, occurrence, zones) }));
    });
    count += found.length;
    return found;
  });
}

/** A changed or cancelled occurrence is an event of its own, with the moment, or the day, that it stands for. */
function readOne(written: WrittenEvent, zones: CalendarZones): Read {
  const event = readEvent(written);
  const properties = event.getAllProperties('recurrence-id');
  if (properties.length === 0) return { event, written };
  const dtstart = event.getFirstProperty('dtstart');
  const inDays = dtstart ? timeOf(dtstart).isDate : false;
  return { event, written, change: namedBy(properties, { zones, inDays }) };
}

const withoutLength = (event: ICAL.Component, { line }: WrittenEvent): CalendarRemark => ({
  line,
  message: `the event "${nameOf(event)}" has no length and freezes nothing: add DTEND or DURATION if it should`,
});

/** What cannot be read is a problem, unless it is over. */
function attempt<T>(written: WrittenEvent, { nowMs, problems, warnings }: Reading, work: () => T[]): T[] {
  try {
    return work();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const line = error instanceof ParseFailed ? error.line : written.line;
    const message = `the event "${nameIn(written)}" ${why}`;
    if (isOver(written.lines, nowMs))
      warnings.push({ line, message: `${message}; it is over, and left out` });
    else problems.push({ line, message });
    return [];
  }
}

function refuseRange(event: ICAL.Component): void {
  if (event.getFirstProperty('recurrence-id')?.getFirstParameter('range') !== undefined)
    throw new Error(
      'changes all that follow (RANGE), which is not read: end the old event, and begin a new one',
    );
}

function freezeOf(event: ICAL.Component, { fromMs, toMs, days }: Occurrence, zones: CalendarZones): Freeze {
  const name = nameOf(event);
  if (days) return { ...days, zone: zones.own, name };
  return { from: momentOf(fromMs), to: momentOf(toMs), zone: 'UTC', name };
}

/** `2026-12-24T17:00:00Z`. */
const momentOf = (ms: number): string =>
  DateTime.fromMillis(ms, { zone: 'UTC' }).toISO({ suppressMilliseconds: true }) ?? '';

/** Whether it takes place: one that is called off is none, whatever it says, but for one occurrence of others. */
const isOn = ({ lines }: WrittenEvent): boolean =>
  lines.some((line) => /^RECURRENCE-ID[;:]/i.test(line)) ||
  !lines.some((line) => /^STATUS[^:]*:\s*CANCELLED\s*$/i.test(line));

const isCancelled = (event: ICAL.Component): boolean => textOf(event, 'status').toUpperCase() === 'CANCELLED';

function nameOf(event: ICAL.Component): string {
  return shortName(textOf(event, 'summary'));
}

/** Of an event that may not parse. */
function nameIn({ lines }: WrittenEvent): string {
  const [, summary = ''] = /^SUMMARY(?=[;:])[^:\n]*:(.*)$/im.exec(lines.join('\n')) ?? [];
  return shortName(summary.replaceAll(/\\([,;\\])/g, '$1').replaceAll(/\\n/gi, ' '));
}

function shortName(text: string): string {
  const name = text.replaceAll(/\s+/g, ' ').trim();
  return name === '' ? 'without a summary' : name.slice(0, NAME_LENGTH);
}

function textOf(event: ICAL.Component, property: string): string {
  const value: unknown = event.getFirstPropertyValue(property);
  return typeof value === 'string' ? value : '';
}
