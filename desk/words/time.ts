/** Zones differ by viewer: a formatter is made once for each. */
const formatters = new Map<string, Intl.DateTimeFormat>();

/** The zone of whoever looks. */
export const viewersZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

function formatterOf(zone: string): Intl.DateTimeFormat {
  const known = formatters.get(zone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    weekday: 'short',
    timeZoneName: 'longOffset',
  });
  formatters.set(zone, made);
  return made;
}

type Part = 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second' | 'weekday' | 'timeZoneName';

function partsOf(at: string | number, zone: string): Readonly<Record<Part, string>> | undefined {
  const time = new Date(at);
  if (Number.isNaN(time.getTime())) return undefined;
  const parts = formatterOf(zone).formatToParts(time);
  return Object.fromEntries(parts.map(({ type, value }) => [type, value])) as Record<Part, string>;
}

/** As the command writes it, to the minute: `2026-11-28 22:00 +01:00`. */
export function moment(at: string | number, zone = viewersZone()): string {
  const parts = partsOf(at, zone);
  if (!parts) return 'unknown';
  const { year, month, day, hour, minute, timeZoneName } = parts;
  return `${year}-${month}-${day} ${hour}:${minute} ${offsetOf(timeZoneName)}`;
}

/** `Sat 28`, for the days of a time line. */
export function dayOf(at: number, zone = viewersZone()): string {
  const parts = partsOf(at, zone);
  return parts ? `${parts.weekday} ${Number(parts.day)}` : '';
}

/** `22:00:31`, where the day is known. */
function clock(at: string | number, zone = viewersZone()): string {
  const parts = partsOf(at, zone);
  return parts ? `${parts.hour}:${parts.minute}:${parts.second}` : 'unknown';
}

const offsetOf = (name: string): string => (/^GMT([+-]00:00)?$/.test(name) ? 'UTC' : name.replace('GMT', ''));

/** Midnights between the two, in this zone: those of daylight saving too. */
export function midnights(
  { fromMs, untilMs }: { readonly fromMs: number; readonly untilMs: number },
  zone: string,
): number[] {
  const HOUR_MS = 3_600_000;
  const found: number[] = [];
  for (let at = Math.ceil(fromMs / HOUR_MS) * HOUR_MS; at < untilMs; at += HOUR_MS / 2)
    if (clock(at, zone) === '00:00:00') found.push(at);
  return found;
}
