import Sequencer from '@jest/test-sequencer';

/**
 * Those that take long, and mostly wait: begun first, they wait while others compute. Begun last, as jest would do on a machine
 * where it has not seen them, each would keep everybody waiting.
 */
const FIRST = [
  'end-to-end/crash',
  'docs/rehearsal',
  'workflows/control',
  'cli/worker',
  'cli/commands',
  'end-to-end/demo',
  'cli/reports',
  'faults/rewound',
  'fleet/ended-from-outside',
  'end-to-end/faults',
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
