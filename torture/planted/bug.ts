import type { Mutation } from '../build/mutate.ts';

/** A fault that somebody could make, planted to see that the campaign would find it. */
export interface PlantedBug {
  readonly name: string;
  /** What it does, as a finding would be written. */
  readonly what: string;
  readonly mutations: readonly Mutation[];
}

/** One place of one file. */
export const bug = (
  name: string,
  what: string,
  file: string,
  [find, replace]: readonly [string, string],
): PlantedBug => ({
  name,
  what,
  mutations: [{ file, find, replace }],
});
