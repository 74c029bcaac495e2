import Sequencer from '@jest/test-sequencer';

/**
 * Those that take a minute and more of a machine with two processors, the longest first. Begun first, they wait while others
 * compute. Begun last, as jest would do on a machine where it has not seen them, each would keep everybody waiting.
 */
const FIRST = [
  'end-to-end/crash',
  'docs/rehearsal',
  'cli/worker',
  'cli/commands',
  'desk/browser-looks',
  'cli/looking',
  'faults/rewound',
  'deploy/image',
  'end-to-end/demo',
  'cli/prompts',
  'workflows/control',
  'cli/interrupted',
  'cli/reports',
  'docs/adding',
  'faults/lost-and-done',
  'fleet/ended-from-outside',
  'cli/fleet-report-lacks',
  'field/words',
  'temporal/way',
  'end-to-end/releases-side-by-side',
  'end-to-end/faults',
  'cli/worker-health',
  'domain/fleet/properties',
  'faults/woken-worker',
  'end-to-end/encryption',
  'faults/late-and-left',
  'cli/nothing-there',
  'faults/late-look',
  'end-to-end/upgrade',
  'faults/while-staged',
  'cli/launcher',
  'faults/left-and-begun-anew',
  'end-to-end/kept-by-workers',
  'cli/hostile-text',
  'end-to-end/fleet-workers',
  'faults/rewound-and-reverted',
  'cli/fleet-commands',
  'workflows/failures',
  'desk/browser-acts',
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
