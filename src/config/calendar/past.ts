import ICAL from 'ical.js';
import { byRule } from './rules.ts';
import { floating } from './zones.ts';

const DAY_MS = 24 * 60 * 60_000;
/** Whatever zone it is in, it is over so long after. */
const SLACK_MS = 2 * DAY_MS;
/** Of an event whose end cannot be read: none is a freeze for so long. */
const LONGEST_MS = 366 * DAY_MS;

/**
 * Whether an event that cannot be read is over all the same, by the days that its lines name. Where these do not say it, it
 * is taken for one that lies ahead.
 */
export function isOver(lines: readonly string[], nowMs: number): boolean {
  const unfolded = lines.join('\n').replaceAll(/\n[ \t]/g, '');
  const valuesOf = (name: string): string[] =>
    [...unfolded.matchAll(new RegExp(`^${name}(?=[;:])[^:\\n]*:(.*)$`, 'gim'))].map(
      ([, value = '']) => value,
    );
  const begins = [...valuesOf('DTSTART'), ...valuesOf('RDATE')].flatMap(daysIn);
  const dtend = valuesOf('DTEND');
  const ends = dtend.flatMap(daysIn);
  const lasts = valuesOf('RRULE').map((rule) => lastOf(rule, { firstMs: begins[0], nowMs }));
  const all = [...begins, ...ends, ...lasts];
  const durations = valuesOf('DURATION').map(durationOf);
  const isUnread = dtend.length > 0 && ends.length === 0;
  const lengthMs = Math.max(
    isUnread ? LONGEST_MS : (ends[0] ?? 0) - (begins[0] ?? ends[0] ?? 0),
    ...durations,
    0,
  );
  return all.length > 0 && Math.max(...all) + lengthMs + SLACK_MS < nowMs;
}

/** The days in `20261224T180000Z`, in `20261224/20261226` and in a list of them; of a period the day on which it ends. */
function daysIn(value: string): number[] {
  return [...value.matchAll(/(\d{4})(\d\d)(\d\d)(?:T\d{6}Z?)?(?:\/(P\w+))?/g)].map(
    ([, year, month, day, duration]) =>
      Date.UTC(Number(year), Number(month) - 1, Number(day)) + (duration ? durationOf(duration) : 0),
  );
}

function durationOf(text: string): number {
  try {
    return Math.max(ICAL.Duration.fromString(text).toSeconds() * 1_000, 0);
  } catch {
    return LONGEST_MS;
  }
}

/** When what recurs begins the last time; Infinity where that lies ahead, or cannot be told. */
function lastOf(text: string, { firstMs, nowMs }: { firstMs: number | undefined; nowMs: number }): number {
  try {
    const rule = ICAL.Recur.fromString(text);
    if (rule.until) return rule.until.toUnixTime() * 1_000;
    if (!rule.count || firstMs === undefined) return Infinity;
    const [start, now] = [firstMs, nowMs].map((ms) => floating(ICAL.Time.fromJSDate(new Date(ms), true)));
    const times = start && now ? byRule(rule, start, now) : [];
    const last = times.length < rule.count ? undefined : times.at(-1);
    return last ? last.toJSDate().getTime() : Infinity;
  } catch {
    return Infinity;
  }
}
