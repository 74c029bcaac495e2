import type { Actor } from '../tenant/tenant.ts';
import { actorOf } from '../tenant/tenant.ts';
import type { Forecast } from './rules/forecast.ts';
import { forecast } from './rules/forecast.ts';
import { Waiting } from './rules/waiting.ts';
import type { FleetSpec } from './spec/spec.ts';
import { at, tenantKey } from './spec/spec.ts';
import type {
  EntryChange,
  FleetJournalEntry,
  FleetState,
  Measures,
  TenantEntry,
  WaveEntry,
} from './tenant/entry.ts';
import { changed } from './tenant/entry.ts';
import { isLive, LIVE, traitsOf } from './tenant/states.ts';
import { Counts } from './rules/counts.ts';
import { WindowAnswers } from './rules/window-answers.ts';

/** The journal travels with the fleet: the newest entries of it. */
const JOURNAL_KEPT = 300;

/**
 * A fleet's memory. Pure: the rules over it (tenant-events, orders, progression, admission) are told the time and what
 * happened; what they say is done by the workflow.
 */
export class Ledger {
  #spec: FleetSpec;
  #state: FleetState;
  readonly counts: Counts;
  readonly waiting: Waiting;
  readonly windows: WindowAnswers;
  readonly waves: WaveEntry[];
  /** Tenants to be started again, each when its time has come. */
  readonly again = new Set<number>();
  readonly asking = new Set<number>();
  /** Held or unreachable ones that were told what to do, and have not said yet that they do it; and when, ms. */
  readonly awaited = new Map<number, number>();
  /** Those being started, whose run has no id yet; with the id of the run before. */
  readonly starting = new Map<number, string | undefined>();
  /** Window policies of tenants that were under way when this memory was taken over: their stand is not carried. */
  readonly inherited: readonly number[];
  readonly #indexes = new Map<string, number>();
  #forecast: { readonly of: Measures; readonly is: Forecast } | undefined;

  constructor(spec: FleetSpec, state: FleetState) {
    this.#spec = spec;
    this.#state = state;
    this.waves = spec.waves.map((_, wave) => state.waves[wave] ?? {});
    this.counts = new Counts(spec, state.entries);
    this.waiting = new Waiting(spec, this.counts);
    this.windows = new WindowAnswers(spec.windows);
    spec.tenants.forEach((tenant, index) => this.#indexes.set(tenantKey(spec, tenant), index));
    this.counts.entries.forEach((entry, index) => {
      if (entry) this.#file(index, entry);
    });
    this.inherited = [...new Set(this.counts.in(LIVE).map((index) => this.policyOf(index)))];
  }

  get spec(): FleetSpec {
    return this.#spec;
  }

  /** Everything, as it is carried over. */
  get state(): FleetState {
    return { ...this.#state, waves: this.waves, entries: this.counts.entries };
  }

  /** All but the tenants and the waves. */
  get head(): Omit<FleetState, 'entries' | 'waves'> {
    return this.#state;
  }

  get forecast(): Forecast {
    const { measures } = this.#state;
    // Asked for every tenant that may start: worth remembering.
    if (this.#forecast?.of !== measures) {
      this.#forecast = { of: measures, is: forecast(measures, this.#spec.estimate) };
    }
    return this.#forecast.is;
  }

  /** The wave that is under way or comes next; one past the last when all are done. */
  get currentWave(): number {
    const open = this.waves.findIndex(({ doneMs }) => doneMs === undefined);
    return open < 0 ? this.waves.length : open;
  }

  /** Of the tenant with this key (`tenantKey`); undefined where the fleet has none. */
  indexOf(key: string): number | undefined {
    return this.#indexes.get(key);
  }

  /** Index of the window policy that a tenant keeps to. */
  policyOf(index: number): number {
    return at(this.#spec.profiles, at(this.#spec.tenants, index).profile).windows;
  }

  update(
    changes: Partial<Omit<FleetState, 'entries' | 'waves'>>,
    drop: readonly (keyof FleetState)[] = [],
  ): void {
    const kept = Object.entries({ ...this.#state, ...changes }).filter(
      ([key]) => !(drop as readonly string[]).includes(key),
    );
    this.#state = Object.fromEntries(kept) as unknown as FleetState;
  }

  /** Other limits from now on; what has the tenants in it is changed by a new ledger. */
  limit(
    changes: Partial<
      Pick<FleetSpec, 'maxConcurrent' | 'maxConcurrentPerCluster' | 'failureBudget' | 'waves' | 'notify'>
    >,
  ): void {
    this.#spec = { ...this.#spec, ...changes };
  }

  journal(nowMs: number, event: FleetJournalEntry['event'], actor?: Actor, detail?: string): void {
    const entry: FleetJournalEntry = {
      at: new Date(nowMs).toISOString(),
      event,
      ...(actor ? { actor: actorOf(actor) } : {}),
      ...(detail === undefined ? {} : { detail }),
    };
    this.update({ journal: [...this.#state.journal, entry].slice(-JOURNAL_KEPT) });
  }

  /** What is not carried over, of a ledger before this one: by the tenants' keys, whose places may be others. */
  adopt(before: Ledger): void {
    const take = <T>(from: ReadonlyMap<number, T>, into: Map<number, T>): void => {
      for (const [index, value] of from) {
        const now = this.indexOf(tenantKey(before.spec, at(before.spec.tenants, index)));
        if (now !== undefined) into.set(now, value);
      }
    };
    take(before.starting, this.starting);
  }

  put(index: number, entry: TenantEntry): void {
    if (!this.counts.entry(index)) this.waiting.remove(index, this.counts.waveOf(index));
    this.counts.put(index, entry);
    this.awaited.delete(index);
    this.#file(index, entry);
  }

  change(index: number, changes: EntryChange): void {
    const entry = this.counts.entry(index);
    if (entry) this.put(index, changed(entry, changes));
  }

  #file(index: number, { state, notBeforeMs }: TenantEntry): void {
    toggle(this.asking, index, traitsOf(state).slot === 'asks');
    toggle(this.again, index, notBeforeMs !== undefined && !isLive(state));
  }
}

function toggle(set: Set<number>, index: number, isIn: boolean): void {
  if (isIn) set.add(index);
  else set.delete(index);
}
