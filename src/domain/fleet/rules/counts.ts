import type { FleetSpec } from '../spec/spec.ts';
import { at, waveStarts } from '../spec/spec.ts';
import { assertNever } from '../../text/assert-never.ts';
import type { TenantEntry } from '../tenant/entry.ts';
import { stateOf } from '../tenant/entry.ts';
import type { FleetTenantState, StateCounts } from '../tenant/states.ts';
import { countOf, FLEET_TENANT_STATES, hasSlot, IN_FLIGHT, traitsOf } from '../tenant/states.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Every tenant's entry, counted by state for the fleet, each wave and each cluster as it changes. */
export class Counts {
  readonly #spec: FleetSpec;
  readonly #entries: (TenantEntry | null)[];
  readonly #waveOf: Uint16Array;
  readonly #fleet = zero();
  readonly #waves: Mutable<StateCounts>[];
  /** By the identity of its API server, which two contexts or sites may share. */
  readonly #inFlightOnServer = new Map<string, number>();
  readonly #unfinished: number[];

  constructor(spec: FleetSpec, entries: readonly (TenantEntry | null)[]) {
    this.#spec = spec;
    this.#entries = spec.tenants.map((_, index) => entries[index] ?? null);
    this.#waveOf = new Uint16Array(spec.tenants.length);
    waveStarts(spec).forEach((start, wave) => {
      if (wave < spec.waves.length) this.#waveOf.fill(wave, start);
    });
    this.#waves = spec.waves.map(zero);
    this.#unfinished = spec.waves.map(() => 0);
    this.#entries.forEach((entry, index) => {
      this.#count(index, entry, 1);
    });
  }

  get size(): number {
    return this.#entries.length;
  }

  get ofFleet(): StateCounts {
    return this.#fleet;
  }

  get entries(): readonly (TenantEntry | null)[] {
    return this.#entries;
  }

  ofWave(wave: number): StateCounts {
    return at(this.#waves, wave);
  }

  /** How many have a slot. */
  get inFlight(): number {
    return countOf(this.#fleet, IN_FLIGHT);
  }

  /** How many of a wave have a slot. */
  inFlightOf(wave: number): number {
    return countOf(this.ofWave(wave), IN_FLIGHT);
  }

  /** How many are in flight on the API server of this cluster of the spec, also by other entries of the spec. */
  inFlightOn(cluster: number): number {
    return this.#inFlightOnServer.get(at(this.#spec.clusters, cluster).cluster) ?? 0;
  }

  /** How many of a wave's tenants it is not done without. */
  unfinishedOf(wave: number): number {
    return at(this.#unfinished, wave);
  }

  waveOf(index: number): number {
    return this.#waveOf[index] ?? 0;
  }

  entry(index: number): TenantEntry | null {
    return this.#entries[index] ?? null;
  }

  state(index: number): FleetTenantState {
    return stateOf(this.entry(index));
  }

  put(index: number, entry: TenantEntry | null): void {
    this.#count(index, this.entry(index), -1);
    this.#entries[index] = entry;
    this.#count(index, entry, 1);
  }

  /** Indexes of the tenants in one of these states, in order. */
  in(states: readonly FleetTenantState[]): number[] {
    return this.#entries.flatMap((_, index) => (states.includes(this.state(index)) ? [index] : []));
  }

  #count(index: number, entry: TenantEntry | null, by: 1 | -1): void {
    const state = stateOf(entry);
    const wave = this.waveOf(index);
    this.#fleet[state] += by;
    at(this.#waves, wave)[state] += by;
    if (isUnfinished(entry)) this.#unfinished[wave] = this.unfinishedOf(wave) + by;
    if (!hasSlot(state)) return;
    const { cluster: place } = at(this.#spec.tenants, index);
    this.#inFlightOnServer.set(at(this.#spec.clusters, place).cluster, this.inFlightOn(place) + by);
  }
}

/** A wave is done without those that failed or are held up by something else than the fleet: budgets watch those. */
function isUnfinished(entry: TenantEntry | null): boolean {
  const { stage } = traitsOf(stateOf(entry));
  switch (stage) {
    case 'waiting':
      return entry?.failure === undefined;
    case 'under-way':
      return true;
    case 'stuck':
    case 'settled':
      return false;
    default:
      return assertNever(stage);
  }
}

export function zero(): Mutable<StateCounts> {
  return Object.fromEntries(FLEET_TENANT_STATES.map((state) => [state, 0])) as Mutable<StateCounts>;
}
