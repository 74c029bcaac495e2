import type { Timing } from '../../simulator/types.ts';
import type { Killed } from '../side-by-side/killed.ts';
import type { Figures } from '../side-by-side/run.ts';
import type { WayName } from '../side-by-side/ways.ts';

/** All that docs/benchmarks.md and its chart are made from, as it is kept in docs/benchmarks.json. */
export interface Published {
  readonly machine: Machine;
  readonly timing: Timing;
  readonly runs: readonly Run[];
  readonly kills: readonly Kill[];
}

export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly system: string;
  readonly node: string;
  /** What was to be measured and is not there, in words. */
  readonly missing: readonly string[];
}

interface Measured {
  readonly way: WayName;
  /** The day, in UTC. */
  readonly on: string;
  /** What the machine did besides when it began: its load average of a minute, or of one close by. */
  readonly load: number;
}

export interface Run extends Measured, Figures {
  readonly tenants: number;
}

export interface Kill extends Measured, Killed {}

export const WAYS: Readonly<Record<WayName, string>> = {
  this: 'this tool',
  kubectl: 'a kubectl script',
  ansible: 'Ansible',
  floor: 'the floor',
};

export const WAY_NAMES = Object.keys(WAYS) as WayName[];

/** The sizes that were measured, smallest first. */
export const sizesOf = ({ runs }: Published): number[] =>
  [...new Set(runs.map(({ tenants }) => tenants))].sort((one, other) => one - other);

export function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(ms < 10_000 ? 2 : ms < 100_000 ? 1 : 0)} s`;
}
