import Sequencer from '@jest/test-sequencer';

/**
 * Those that take a minute and more of a machine with two processors, the longest first. Begun first, they wait while others
 * compute. Begun last, as jest would do on a machine where it has not seen them, each would keep everybody waiting.
 */
const FIRST = [
  'end-to-end/crash',
  'cli/commands',
  'docs/rehearsal',
  'faults/rewound',
  'cli/worker',
  'cli/interrupted',
  'cli/plan-file',
  'cli/prompts',
  'temporal/way',
  'cli/looking',
  'cli/bad-input',
  'domain/fleet/properties',
  'end-to-end/faults',
  'fleet/ended-from-outside',
  'workflows/failures',
  'faults/lost-and-done',
  'field/choices',
  'end-to-end/demo',
  'end-to-end/fleet-workers',
  'end-to-end/upgrade',
  'faults/woken-worker',
  'cli/launcher',
  'cli/hostile-text',
  'workflows/control',
  'end-to-end/fleet-release',
  'end-to-end/encryption-turns',
];

export default class LongestFirst extends Sequencer {
  /** @param {{ path: string }[]} tests */
  sort(tests) {
    const place = ({ path }) => {
      const found = FIRST.findIndex((name) => path.endsWith(`/test/${name}.test.ts`));
      return found < 0 ? FIRST.length : found;
    };
    return super.sort(tests).toSorted((one, other) => place(one) - place(other));
  }
}
