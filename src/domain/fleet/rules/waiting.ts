import type { FleetSpec } from '../spec/spec.ts';
import { at } from '../spec/spec.ts';
import type { Counts } from './counts.ts';

/** Tenants of one wave that wait for the same things: their cluster's room and their windows. In the fleet's order. */
export interface WaitingGroup {
  readonly wave: number;
  readonly clusterIndex: number;
  readonly policyIndex: number;
  readonly waiting: number[];
}

/** Who waits to be started for the first time: asking the few groups is asking the thousands in them. */
export class Waiting {
  readonly #spec: FleetSpec;
  readonly #ofWave: Map<string, WaitingGroup>[];

  constructor(spec: FleetSpec, counts: Counts) {
    this.#spec = spec;
    this.#ofWave = spec.waves.map(() => new Map<string, WaitingGroup>());
    counts.entries.forEach((entry, index) => {
      if (!entry) this.#groupOf(index, counts.waveOf(index)).waiting.push(index);
    });
  }

  of(wave: number): Iterable<WaitingGroup> {
    return at(this.#ofWave, wave).values();
  }

  /** Takes one out that starts, or never will. */
  remove(index: number, wave: number): void {
    const group = this.#groupOf(index, wave);
    const place = group.waiting.indexOf(index);
    if (place >= 0) group.waiting.splice(place, 1);
    if (group.waiting.length === 0) at(this.#ofWave, wave).delete(keyOf(group));
  }

  #groupOf(index: number, wave: number): WaitingGroup {
    const { cluster: clusterIndex, profile } = at(this.#spec.tenants, index);
    const { windows: policyIndex } = at(this.#spec.profiles, profile);
    const group: WaitingGroup = { wave, clusterIndex, policyIndex, waiting: [] };
    const groups = at(this.#ofWave, wave);
    const known = groups.get(keyOf(group));
    if (!known) groups.set(keyOf(group), group);
    return known ?? group;
  }
}

const keyOf = ({ clusterIndex, policyIndex }: WaitingGroup): string => `${clusterIndex}/${policyIndex}`;
