import type { FleetJournalEntry } from '../../../domain/fleet/tenant/entry.ts';
import { countOf, hasSlot, IN_FLIGHT, NOT_STARTED, traitsOf } from '../../../domain/fleet/tenant/states.ts';
import type { FleetProgress } from '../../../domain/fleet/show/progress.ts';
import type { TenantProgress } from '../../../domain/tenant/progress.ts';
import { plainDeep } from '../../../domain/text/plain-text.ts';
import type { TenantLine } from '../../../domain/fleet/show/tenant-lines.ts';
import type { Colors } from '../../io.ts';
import { fleetCommand } from '../fleet-command.ts';
import { atWhat } from './attention.ts';
import { hintOf } from './hint.ts';
import { renderCounts, renderPhase, renderTenantState } from './state.ts';
import type { Dated } from '../../render/in-order.ts';
import { inOrder } from '../../render/in-order.ts';
import { SIGN_OF_LIFE_MS } from '../../tenant/render/tenant-log.ts';
import { moment, stamp, withMoments } from '../../render/time.ts';

/** What is older than that when somebody begins to look was said to others. */
const NEWS_MS = 60_000;
/** Counters of a wave that changes all the time are said this often. */
const COUNTERS_EVERY_MS = 10_000;
const NAMED_AT_ONCE = 10;

export interface FleetLook {
  readonly progress: FleetProgress;
  /** Every tenant, of a fleet that is small enough to be told one by one. */
  readonly tenants?: readonly TenantLine[];
  /** What tenants' own workflows say, by their names. */
  readonly underWay?: ReadonlyMap<string, TenantProgress>;
  /** Why nobody says where it stands now: this is what was seen last. */
  readonly away?: string;
}

/**
 * A fleet in plain lines, each change once, with the time at which it happened: call it with every look. Tenants one by one,
 * or counters of their wave; what is under way, where nothing else was said for a while.
 */
export class FleetLines {
  readonly #colors: Colors;
  readonly #said = new Set<string>();
  readonly #states = new Map<string, string>();
  readonly #counters = new Map<string, { readonly text: string; readonly atMs: number }>();
  #phase = '';
  #saidMs = 0;
  #isFirst = true;

  constructor(colors: Colors) {
    this.#colors = colors;
  }

  next(look: FleetLook, nowMs: number): string[] {
    const { progress, tenants, underWay, away } = plainDeep(look);
    const told = this.#tenants(tenants ?? progress.attention, progress, nowMs);
    // What happened at once: a wave is done because its last tenant is, and its tenants run because it was started.
    const news = inOrder([
      ...told.filter(({ begins }) => !begins),
      ...this.#journal(progress, nowMs),
      ...told.filter(({ begins }) => begins),
      ...(tenants ? [] : this.#waves(progress, nowMs)),
      ...this.#phaseLine(progress, nowMs),
    ]);
    this.#isFirst = false;
    if (news.length === 0 && nowMs - this.#saidMs >= SIGN_OF_LIFE_MS)
      news.push(
        ...(away === undefined
          ? signOfLife(progress, underWay, nowMs)
          : [`${stamp(nowMs)} as last seen: ${away}`]),
      );
    if (news.length > 0) this.#saidMs = nowMs;
    return news;
  }

  #journal({ journal }: FleetProgress, nowMs: number): Dated[] {
    return journal.flatMap((entry) => {
      const key = `${entry.at} ${entry.event} ${entry.detail ?? ''}`;
      if (this.#said.has(key)) return [];
      this.#said.add(key);
      if (this.#isFirst && Date.parse(entry.at) < nowMs - NEWS_MS) return [];
      return [{ at: entry.at, text: renderEvent(entry) }];
    });
  }

  #phaseLine(progress: FleetProgress, nowMs: number): Dated[] {
    const { phase, nextWindowAt, name, counts } = progress;
    if (phase === this.#phase) return [];
    this.#phase = phase;
    const opens =
      phase === 'waiting' && nextWindowAt !== undefined
        ? `, the next window opens at ${moment(nextWindowAt)}`
        : '';
    const text = `fleet ${name}: ${renderPhase(phase, this.#colors)}${opens} (${renderCounts(counts)})`;
    return [{ at: sinceWhen(progress) ?? nowMs, text }];
  }

  #tenants(
    lines: readonly TenantLine[],
    { name, total }: FleetProgress,
    nowMs: number,
  ): (Dated & { readonly begins: boolean })[] {
    const news = lines.filter((line) => {
      const before = this.#states.get(line.name);
      const now = `${line.state} ${line.attempts}`;
      this.#states.set(line.name, now);
      if (before === now || traitsOf(line.state).quiet) return false;
      return !this.#isFirst || Date.parse(line.since) >= nowMs - NEWS_MS;
    });
    const named = total > NAMED_AT_ONCE * 20 ? news.slice(0, NAMED_AT_ONCE) : news;
    const hidden = news.length - named.length;
    return [
      ...named.map((line) => ({
        at: line.since || nowMs,
        text: renderNews(line, this.#colors),
        begins: hasSlot(line.state),
      })),
      ...(hidden > 0
        ? [{ at: nowMs, text: `and ${hidden} more: ${fleetCommand(name, 'list')}`, begins: false }]
        : []),
    ];
  }

  #waves({ waves, phase }: FleetProgress, nowMs: number): Dated[] {
    return waves.flatMap(({ name, counts, state, total, doneAt }) => {
      const text = `wave ${name}, ${total}: ${renderCounts(counts)}`;
      const before = this.#counters.get(name);
      const isQuiet =
        state !== 'done' && phase !== 'ended' && nowMs - (before?.atMs ?? 0) < COUNTERS_EVERY_MS;
      if (total === 0 || before?.text === text || (before && isQuiet)) return [];
      this.#counters.set(name, { text, atMs: nowMs });
      return counts[NOT_STARTED] === total
        ? []
        : [{ at: (state === 'done' ? doneAt : undefined) ?? nowMs, text }];
    });
  }
}

/** Where the fleet says when its phase began; else it is told when it is seen. */
function sinceWhen({ phase, paused, stoppedAt, halted, endedAt }: FleetProgress): string | undefined {
  switch (phase) {
    case 'pausing':
      return paused?.since;
    case 'paused':
      return stoppedAt;
    case 'halted':
      return halted?.since;
    case 'ended':
      return endedAt;
    default:
      return undefined;
  }
}

/** Of tenants under way so many are named. */
export const WORKING_NAMED = 5;

/** What is under way and since when; nothing where the fleet waits for somebody, or for a window. */
function signOfLife(
  { running, counts }: FleetProgress,
  underWay: FleetLook['underWay'],
  nowMs: number,
): string[] {
  const working = running.filter(({ state, stopped }) => hasSlot(state) && !stopped);
  if (working.length === 0) return [];
  const named = working
    .slice(0, WORKING_NAMED)
    .map((line) => `${line.name}: ${atWhat(line, underWay?.get(line.name), nowMs)}`);
  const hidden = countOf(counts, IN_FLIGHT) - named.length;
  return [
    `${stamp(nowMs)} under way: ${[...named, ...(hidden > 0 ? [`and ${hidden} more`] : [])].join('; ')}`,
  ];
}

function renderNews(line: TenantLine, colors: Colors): string {
  const { name, wave, state, attempts, failure, notBefore } = line;
  const again = attempts > 1 ? `, attempt ${attempts}` : '';
  const opens = state === 'parked' && notBefore !== undefined ? ` until ${moment(notBefore)}` : '';
  return (
    `${name} (wave ${wave}${again}): ${renderTenantState(state, colors)}${opens}` +
    (failure && !traitsOf(state).good ? ` — ${[failure.message, ...hintOf(line)].join(' — ')}` : '')
  );
}

/** `paused by otto: lunch`. */
function renderEvent({ event, actor, detail }: FleetJournalEntry): string {
  const who = actor ? ` by ${actor.by}: ${actor.why}` : '';
  return `${event.replaceAll('-', ' ')}${detail === undefined ? '' : ` (${withMoments(detail)})`}${who}`;
}
