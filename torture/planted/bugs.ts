import type { Mutation } from '../build/mutate.ts';

/** A fault that somebody could make, planted to see that the campaign would find it. */
export interface PlantedBug {
  readonly name: string;
  /** What it does, as a finding would be written. */
  readonly what: string;
  readonly mutations: readonly Mutation[];
}

/** Each is one place of one file; `find` must be there exactly once, or the campaign says which is not. */
export const BUGS: readonly PlantedBug[] = [
  {
    name: 'no-guard',
    what: 'a patch is sent without its test of the resourceVersion',
    mutations: [
      {
        file: 'activities/edit.ts',
        find: `        { op: 'test', path: '/metadata/resourceVersion', value: resourceVersion },\n`,
        replace: '',
      },
    ],
  },
  {
    name: 'sidekiq-before-app',
    what: 'system-sidekiq does not wait for system-app',
    mutations: [
      {
        file: 'src/domain/paths/upgrade-2.3-to-2.4.ts',
        find: `rollOut('system-sidekiq', ['system-app'])`,
        replace: `rollOut('system-sidekiq', [])`,
      },
    ],
  },
];
