import type { FleetJournalEntry, FleetTenantState } from '../../domain/fleet/state.ts';
import type { FleetProgress } from '../../domain/fleet/view.ts';
import { plainDeep } from '../../domain/plain-text.ts';
import type { TenantLine } from '../../domain/fleet/tenant-lines.ts';
import type { Colors } from '../io.ts';
import { fleetCommand } from '../fleets.ts';
import { stamp } from '../screen.ts';
import { hintOf } from './fleet-hint.ts';
import { moment, renderCounts, renderPhase, renderTenantState } from './fleet-state.ts';

/** What is older than that when somebody begins to look was said to others. */
const NEWS_MS = 60_000;
/** Counters of a wave that changes all the time are said this often. */
const COUNTERS_EVERY_MS = 10_000;
const NAMED_AT_ONCE = 10;
/** Comes and goes with every slot: no news. */
const NO_NEWS: readonly FleetTenantState[] = ['pending', 'asking'];

export interface FleetLook {
  readonly progress: FleetProgress;
  /** Every tenant, of a fleet that is small enough to be told one by one. */
  readonly tenants?: readonly TenantLine[];
}

/** A fleet in plain lines, each change once: call it with every look. Tenants one by one, or counters of their wave. */
export class FleetLines {
  readonly #colors: Colors;
  readonly #said = new Set<string>();
  readonly #states = new Map<string, string>();
  readonly #counters = new Map<string, { readonly text: string; readonly atMs: number }>();
  #phase = '';
  #isFirst = true;

  constructor(colors: Colors) {
    this.#colors = colors;
  }

  next(look: FleetLook, nowMs: number): string[] {
    const { progress, tenants } = plainDeep(look);
    const lines = [
      ...this.#journal(progress, nowMs),
      ...this.#tenants(tenants ?? progress.attention, progress, nowMs),
      ...(tenants ? [] : this.#waves(progress, nowMs)),
      ...this.#phaseLine(progress, nowMs),
    ];
    this.#isFirst = false;
    return lines;
  }

  #journal({ journal }: FleetProgress, nowMs: number): string[] {
    return journal.flatMap((entry) => {
      const key = `${entry.at} ${entry.event} ${entry.detail ?? ''}`;
      if (this.#said.has(key)) return [];
      this.#said.add(key);
      if (this.#isFirst && Date.parse(entry.at) < nowMs - NEWS_MS) return [];
      return [`${stamp(Date.parse(entry.at))} ${renderEvent(entry)}`];
    });
  }

  #phaseLine(progress: FleetProgress, nowMs: number): string[] {
    const { phase, nextWindowAt, name, counts } = progress;
    if (phase === this.#phase) return [];
    this.#phase = phase;
    const opens =
      phase === 'waiting' && nextWindowAt !== undefined
        ? `, the next window opens at ${moment(nextWindowAt)}`
        : '';
    return [
      `${stamp(nowMs)} fleet ${name}: ${renderPhase(phase, this.#colors)}${opens} (${renderCounts(counts)})`,
    ];
  }

  #tenants(lines: readonly TenantLine[], { name, total }: FleetProgress, nowMs: number): string[] {
    const news = lines.filter((line) => {
      const before = this.#states.get(line.name);
      const now = `${line.state} ${line.attempts}`;
      this.#states.set(line.name, now);
      if (before === now || NO_NEWS.includes(line.state)) return false;
      return !this.#isFirst || Date.parse(line.since) >= nowMs - NEWS_MS;
    });
    const named = total > NAMED_AT_ONCE * 20 ? news.slice(0, NAMED_AT_ONCE) : news;
    return [
      ...named.map((line) => `${stamp(nowMs)} ${renderNews(line, this.#colors)}`),
      ...(named.length < news.length
        ? [`${stamp(nowMs)} and ${news.length - named.length} more: ${fleetCommand(name, 'list')}`]
        : []),
    ];
  }

  #waves({ waves, phase }: FleetProgress, nowMs: number): string[] {
    return waves.flatMap(({ name, counts, state, total }) => {
      const text = `wave ${name}, ${total}: ${renderCounts(counts)}`;
      const before = this.#counters.get(name);
      const isQuiet =
        state !== 'done' && phase !== 'ended' && nowMs - (before?.atMs ?? 0) < COUNTERS_EVERY_MS;
      if (total === 0 || before?.text === text || (before && isQuiet)) return [];
      this.#counters.set(name, { text, atMs: nowMs });
      return counts.pending === total ? [] : [`${stamp(nowMs)} ${text}`];
    });
  }
}

function renderNews(line: TenantLine, colors: Colors): string {
  const { name, wave, state, attempts, failure, notBefore } = line;
  const again = attempts > 1 ? `, attempt ${attempts}` : '';
  const opens = state === 'parked' && notBefore !== undefined ? ` until ${moment(notBefore)}` : '';
  const isGood = state === 'running' || state === 'upgraded';
  return (
    `${name} (wave ${wave}${again}): ${renderTenantState(state, colors)}${opens}` +
    (failure && !isGood ? ` — ${[failure.message, ...hintOf(line)].join(' — ')}` : '')
  );
}

/** `paused by otto: lunch`. */
export function renderEvent({ event, actor, detail }: FleetJournalEntry): string {
  const who = actor ? ` by ${actor.by}: ${actor.why}` : '';
  return `${event.replaceAll('-', ' ')}${detail === undefined ? '' : ` (${detail})`}${who}`;
}
