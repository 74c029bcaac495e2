import ICAL from 'ical.js';

/** An event as it is written, by itself: what is wrong with one is not wrong with the calendar. */
export interface WrittenEvent {
  /** Of its BEGIN:VEVENT, from 1. */
  readonly line: number;
  readonly lines: readonly string[];
}

/** A calendar without its events, and those. */
export interface WrittenCalendar {
  readonly calendar: ICAL.Component;
  readonly events: readonly WrittenEvent[];
}

/** What is wrong in the file, and where. */
export interface Problem {
  readonly line: number;
  readonly message: string;
}

const AS_FILE = 'export it anew as an iCalendar file (.ics)';

/** The calendars of a file, each with its events, of which none is read yet. */
export function calendarsIn(text: string): readonly WrittenCalendar[] | Problem {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const first = lines.findIndex((line) => line.trim() !== '');
  if (!isBegin(lines[first], 'VCALENDAR'))
    return { line: 1, message: `is no iCalendar file: it must begin with BEGIN:VCALENDAR; ${AS_FILE}` };
  const last = lines.findLastIndex((line) => line.trim() !== '');
  if (!isEnd(lines[last], 'VCALENDAR'))
    return { line: last + 1, message: `is cut off: it does not end with END:VCALENDAR; ${AS_FILE}` };
  const { rest, events } = apart(lines);
  try {
    const parsed = ICAL.parse(rest.join('\r\n').trim()) as unknown[];
    const all = (Array.isArray(parsed[0]) ? parsed : [parsed]) as unknown[][];
    return all.map((one, index) => ({
      calendar: new ICAL.Component(one),
      events: events[index] ?? [],
    }));
  } catch (error) {
    const why = whyOf(error);
    const line = lineQuoted(rest, why) + 1 || first + 1;
    return { line, message: `does not parse: ${why}; put that line right, or ${AS_FILE}` };
  }
}

/** An event's properties. Throws ParseFailed. */
export function readEvent({ line, lines }: WrittenEvent): ICAL.Component {
  if (!isEnd(lines.at(-1), 'VEVENT')) throw new ParseFailed('has no END:VEVENT: add it', line);
  try {
    return new ICAL.Component(ICAL.parse(lines.join('\r\n')) as unknown[]);
  } catch (error) {
    const why = whyOf(error);
    const at = Math.max(lineQuoted(lines, why), 0);
    throw new ParseFailed(`does not parse: ${why}; put that line right, or take the event out`, line + at);
  }
}

/** `line`: where in the file. */
export class ParseFailed extends Error {
  readonly line: number;

  constructor(message: string, line: number) {
    super(message);
    this.name = 'ParseFailed';
    this.line = line;
  }
}

/** The lines outside of events, with an empty one for each line of an event, and the events of each calendar. */
function apart(lines: readonly string[]): { rest: string[]; events: WrittenEvent[][] } {
  const events: WrittenEvent[][] = [];
  let open: string[] | undefined;
  const rest = lines.map((line, index) => {
    if (isBegin(line, 'VCALENDAR')) events.push([]);
    // One that does not end ends where the next begins, or its calendar ends.
    if (isBegin(line, 'VEVENT')) {
      open = [];
      events.at(-1)?.push({ line: index + 1, lines: open });
    } else if (isEnd(line, 'VCALENDAR')) open = undefined;
    if (!open) return line;
    open.push(line);
    if (isEnd(line, 'VEVENT')) open = undefined;
    return '';
  });
  return { rest, events };
}

const isBegin = (line: string | undefined, what: string): boolean =>
  line !== undefined && line.trim().toUpperCase() === `BEGIN:${what}`;

const isEnd = (line: string | undefined, what: string): boolean =>
  line !== undefined && line.trim().toUpperCase() === `END:${what}`;

const whyOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The library quotes what it does not understand, and does not say where it is. From 0; -1: it is not there. */
function lineQuoted(lines: readonly string[], why: string): number {
  const places = [...why.matchAll(/["']([^"']+)["']/g)]
    .map(([, quoted = '']) => ({ quoted, line: lines.findIndex((one) => one.includes(quoted)) }))
    .filter(({ line }) => line >= 0);
  return places.sort((a, b) => b.quoted.length - a.quoted.length)[0]?.line ?? -1;
}
