import type { FleetSpec } from '../spec/spec.ts';
import { at } from '../spec/spec.ts';
import type { Counts } from './counts.ts';

/** Tenants of one wave that wait for the same things: their cluster's room and their windows. In the fleet's order. */
export interface Lane {
  readonly wave: number;
  readonly cluster: number;
  readonly windows: number;
  readonly waiting: number[];
}

/** Who waits to be started for the first time: asking the few lanes is asking the thousands in them. */
export class Lanes {
  readonly #spec: FleetSpec;
  readonly #ofWave: Map<string, Lane>[];

  constructor(spec: FleetSpec, counts: Counts) {
    this.#spec = spec;
    this.#ofWave = spec.waves.map(() => new Map<string, Lane>());
    counts.entries.forEach((entry, index) => {
      if (!entry) this.#laneOf(index, counts.waveOf(index)).waiting.push(index);
    });
  }

  of(wave: number): Iterable<Lane> {
    return at(this.#ofWave, wave).values();
  }

  /** Takes one out that starts, or never will. */
  remove(index: number, wave: number): void {
    const lane = this.#laneOf(index, wave);
    const place = lane.waiting.indexOf(index);
    if (place >= 0) lane.waiting.splice(place, 1);
    if (lane.waiting.length === 0) at(this.#ofWave, wave).delete(keyOf(lane));
  }

  #laneOf(index: number, wave: number): Lane {
    const { cluster, profile } = at(this.#spec.tenants, index);
    const { windows } = at(this.#spec.profiles, profile);
    const lane: Lane = { wave, cluster, windows, waiting: [] };
    const lanes = at(this.#ofWave, wave);
    const known = lanes.get(keyOf(lane));
    if (!known) lanes.set(keyOf(lane), lane);
    return known ?? lane;
  }
}

const keyOf = ({ cluster, windows }: Lane): string => `${cluster}/${windows}`;
