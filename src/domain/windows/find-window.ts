import { CronExpressionParser } from 'cron-parser';
import { DateTime } from 'luxon';
import type { Freeze, MaintenanceWindow, WindowAnswer, WindowPolicy } from './policy.ts';
import { neededForSwitchMs } from './policy.ts';
import { zoneProblem } from './zone.ts';

/** How far ahead an opening is looked for, in days: two years, a 29th of February among them or not. */
const HORIZON_DAYS = 731;
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** From `fromMs` (inclusive) to `toMs` (exclusive; Infinity: without end). */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * Where `atMs` stands in the windows, and when there is room for `neededMs` (0: any opening will do). Pure but for the
 * time-zone tables of this Node. Looks two years ahead. A policy with problems answers `never`, and why.
 */
export function findWindow(policy: WindowPolicy, neededMs: number, atMs: number): WindowAnswer {
  const problems = statementProblems(policy);
  if (problems.length > 0) return { status: 'never', why: problems.join('; ') };
  const untilMs = atMs + HORIZON_DAYS * DAY_MS;
  const freezes = policy.freezes.map(spanOf);
  let closesAtMs: number | undefined;
  for (const span of without(freezes, openings(policy.windows, atMs, untilMs))) {
    // What a freeze has left of an opening may be over.
    if (span.toMs <= atMs) continue;
    const isNow = span.fromMs <= atMs;
    if (span.toMs - Math.max(span.fromMs, atMs) < neededMs) {
      if (isNow) closesAtMs = span.toMs;
      continue;
    }
    if (isNow) return { status: 'open', ...(span.toMs < untilMs ? { closesAtMs: span.toMs } : {}) };
    if (closesAtMs !== undefined) return { status: 'does-not-fit', closesAtMs, opensAtMs: span.fromMs };
    const isFrozen = freezes.some(({ fromMs, toMs }) => fromMs <= atMs && atMs < toMs);
    const isWithin = isFrozen && isInside(openings(policy.windows, atMs, untilMs), atMs);
    return { status: 'closed', opensAtMs: span.fromMs, because: isWithin ? 'freeze' : 'window' };
  }
  return { status: 'never', why: whyNever(policy, neededMs) };
}

/** When it is open, and when it is frozen, of this time; an opening that has begun before is told whole. Of a policy with problems: never. */
export function openSpans(
  policy: WindowPolicy,
  fromMs: number,
  untilMs: number,
): { readonly open: readonly Span[]; readonly frozen: readonly (Span & { readonly name?: string })[] } {
  if (statementProblems(policy).length > 0) return { open: [], frozen: [] };
  const freezes = policy.freezes.map((freeze) => ({ ...spanOf(freeze), ...nameOf(freeze) }));
  const isSeen = (span: Span): boolean => span.toMs > fromMs && span.fromMs < untilMs;
  return {
    open: [...without(freezes, openings(policy.windows, fromMs, untilMs))].filter(isSeen),
    frozen: freezes.filter(isSeen),
  };
}

const nameOf = ({ name }: Freeze): { readonly name?: string } => (name === undefined ? {} : { name });

/** What is wrong with a policy, one clear sentence each, as things stand at `atMs`; empty where nothing is. */
export function windowProblems(policy: WindowPolicy, atMs: number): string[] {
  const problems = statementProblems(policy);
  if (problems.length > 0) return problems;
  const answer = findWindow(policy, neededForSwitchMs(policy), atMs);
  return answer.status === 'never' ? [answer.why] : [];
}

/** What is right and may be meant otherwise, one clear sentence for each window. Windows with problems are passed over. */
export function windowWarnings(windows: readonly MaintenanceWindow[]): string[] {
  return windows.filter((window) => windowStatementProblems(window).length === 0).flatMap(eitherDay);
}

/** Of a day of the month and a weekday POSIX's cron takes either: "the first Saturday" would be eleven days of a month. */
function eitherDay({ opens }: MaintenanceWindow): string[] {
  const { dayOfMonth, dayOfWeek } = CronExpressionParser.parse(opens).fields;
  if (dayOfMonth.isWildcard || dayOfWeek.isWildcard) return [];
  const [, , days, , weekdays] = opens.trim().split(/\s+/);
  return [
    `window "${opens}" opens on every day of the month that is ${days}, or a weekday ${weekdays}: where both are given, ` +
      'cron takes either, not only days that are both. If that is not meant, write * for one of them; the first ' +
      'Saturday of a month is "0 22 * * 6#1"',
  ];
}

/** The windows' openings that end after `atMs`, in order; what overlaps or adjoins is one. */
function* openings(windows: readonly MaintenanceWindow[], atMs: number, untilMs: number): Generator<Span> {
  if (windows.length === 0) return yield { fromMs: atMs, toMs: Infinity };
  const sources = windows.map((window) => {
    const spans = openingsOf(window, atMs, untilMs);
    return { spans, next: spans.next() };
  });
  let current: Span | undefined;
  for (;;) {
    const [first] = sources
      .flatMap((source) => (source.next.done ? [] : [{ source, span: source.next.value }]))
      .sort((a, b) => a.span.fromMs - b.span.fromMs);
    if (!first) break;
    first.source.next = first.source.spans.next();
    const { span } = first;
    if (current && span.fromMs > current.toMs) {
      yield current;
      current = undefined;
    }
    current = { fromMs: current?.fromMs ?? span.fromMs, toMs: Math.max(current?.toMs ?? 0, span.toMs) };
  }
  if (current) yield current;
}

/**
 * Reads the cron line on the zone's wall clock, and that clock by luxon's tables: an hour that does not come (set
 * forward) opens as much later, one that comes twice opens the first time. (cron-parser's own zones fail where the
 * clock is set by half an hour, and open twice.) Starts early enough for what is still open at `atMs`.
 */
function* openingsOf({ opens, zone, durationMinutes }: MaintenanceWindow, atMs: number, untilMs: number) {
  const durationMs = durationMinutes * MINUTE_MS;
  const from = DateTime.fromMillis(atMs - durationMs - DAY_MS, { zone });
  const wallClock = CronExpressionParser.parse(opens, {
    tz: 'UTC',
    currentDate: from.setZone('UTC', { keepLocalTime: true }).toJSDate(),
  });
  for (;;) {
    const wallTime = DateTime.fromMillis(wallClock.next().getTime(), { zone: 'UTC' });
    const [first] = wallTime.setZone(zone, { keepLocalTime: true }).getPossibleOffsets();
    const fromMs = first?.toMillis() ?? Infinity;
    if (fromMs > untilMs) return;
    const span: Span = { fromMs, toMs: fromMs + durationMs };
    if (span.toMs > atMs) yield span;
  }
}

/** What is left of each span outside the freezes, in order. */
function* without(freezes: readonly Span[], spans: Iterable<Span>): Generator<Span> {
  for (const span of spans) {
    let left: Span[] = [span];
    for (const freeze of freezes) {
      left = left.flatMap(({ fromMs, toMs }) =>
        [
          { fromMs, toMs: Math.min(toMs, freeze.fromMs) },
          { fromMs: Math.max(fromMs, freeze.toMs), toMs },
        ].filter((part) => part.fromMs < part.toMs),
      );
    }
    yield* left;
  }
}

function isInside(spans: Iterable<Span>, atMs: number): boolean {
  for (const { fromMs } of spans) return fromMs <= atMs;
  return false;
}

function spanOf({ from, to, zone }: Freeze): Span {
  return {
    fromMs: DateTime.fromISO(from, { zone }).toMillis(),
    toMs: DateTime.fromISO(to, { zone }).toMillis(),
  };
}

function whyNever({ windows, freezes }: WindowPolicy, neededMs: number): string {
  const long =
    neededMs > 0 ? ` that stays open for the ${Math.ceil(neededMs / MINUTE_MS)} minutes needed` : '';
  const lines = windows.map(
    ({ opens, durationMinutes, zone }) => `"${opens}" ${zone} for ${durationMinutes} min`,
  );
  const where = lines.length > 0 ? ` (${lines.join(', ')})` : '';
  const outside = freezes.length > 0 ? ' outside the freezes' : '';
  return `no window${where} opens within two years${outside}${long}`;
}

function statementProblems({ windows, freezes, estimate }: WindowPolicy): string[] {
  return [
    ...windows.flatMap(windowStatementProblems),
    ...freezes.flatMap(freezeStatementProblems),
    ...Object.entries(estimate ?? {})
      .filter(([, minutes]) => !(minutes >= 0))
      .map(
        ([name, minutes]) => `the estimate ${name} is ${minutes}: it must be a number of minutes, 0 or more`,
      ),
  ];
}

function windowStatementProblems({ opens, zone, durationMinutes }: MaintenanceWindow): string[] {
  return [
    ...zoneProblems(zone, `window "${opens}"`),
    ...cronProblems(opens),
    ...(Number.isFinite(durationMinutes) && durationMinutes > 0
      ? []
      : [`window "${opens}" stays open for ${durationMinutes} minutes: it must be more than 0`]),
  ];
}

function freezeStatementProblems(freeze: Freeze): string[] {
  const name = `freeze ${freeze.name ? `"${freeze.name}"` : `${freeze.from} to ${freeze.to}`}`;
  const inZone = zoneProblems(freeze.zone, name);
  if (inZone.length > 0) return inZone;
  // A time alone is ISO too, and means today, whenever it is read.
  const unreadable = [freeze.from, freeze.to].filter(
    (text) => !/^\d{4}-/.test(text) || !DateTime.fromISO(text, { zone: freeze.zone }).isValid,
  );
  if (unreadable.length > 0) {
    return unreadable.map((text) => `${name}: "${text}" is no date such as 2018-12-24 or 2018-12-24T18:00`);
  }
  const { fromMs, toMs } = spanOf(freeze);
  return fromMs < toMs ? [] : [`${name} ends (${freeze.to}) before it begins (${freeze.from})`];
}

function zoneProblems(zone: string, where: string): string[] {
  const problem = zoneProblem(zone);
  return problem === undefined ? [] : [`${where}: "${zone}" ${problem}`];
}

function cronProblems(opens: string): string[] {
  const example =
    'write five fields, minute hour day month weekday, such as "0 22 * * 6" (Saturdays at 22:00)';
  const fields = opens.trim().split(/\s+/);
  if (fields.length !== 5) return [`window "${opens}" is no cron line of five fields; ${example}`];
  // H is drawn at random: every look would give another time.
  if (/(^|[\s,/-])H/i.test(opens)) return [`window "${opens}" has an H, which means any time; ${example}`];
  // Two years of an opening a minute would take minutes to look through, and nobody maintains like that.
  if (!/^\d+$/.test(fields[0] ?? '')) {
    return [`window "${opens}" may open several times an hour: give its minute as one number; ${example}`];
  }
  try {
    CronExpressionParser.parse(opens);
    return [];
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    // The library looks at the month too: 30 February.
    if (why.includes('Invalid explicit day of month'))
      return [`window "${opens}" never opens: there is no such day in its month; ${example}`];
    return [`window "${opens}" is no cron line (${why}); ${example}`];
  }
}
