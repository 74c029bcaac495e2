import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { bounded, BOUNDS, LARGEST_EVIDENCE, sizeOf } from '../../src/procedure/evidence/bounded.ts';
import type { FailureEvidence } from '../../src/domain/tenant/failure-evidence.ts';

/** In any script: a character may be four bytes. */
const words = fc.string({ unit: 'grapheme', maxLength: 400, size: 'max' });
const lines = fc.array(words, { maxLength: 40, size: 'max' });
const evidence: fc.Arbitrary<FailureEvidence> = fc.record({
  pods: fc.array(
    fc.record({
      pod: fc.constant('zync-3-x7k2p'),
      role: fc.constant('application' as const),
      container: fc.constant('zync'),
      state: fc.constant('waiting' as const),
      message: words,
      log: lines,
    }),
    { maxLength: 6, size: 'max' },
  ),
  events: lines,
  missing: lines,
});

test('however much there is to say, what is told is small, and names the worst first', () => {
  fc.assert(
    fc.property(evidence, (all) => {
      const told = bounded(all);
      expect(sizeOf(told)).toBeLessThanOrEqual(LARGEST_EVIDENCE);
      expect(told.pods.length).toBeLessThanOrEqual(BOUNDS.pods);
      expect(told.pods.length > 0).toBe(all.pods.length > 0);
    }),
    { numRuns: 50 },
  );
});

test('of a log the end is kept, and what fits is not touched', () => {
  const pod = { pod: 'p', role: 'hook', state: 'terminated' } as const;
  const log = Array.from({ length: 30 }, (_, index) => `line ${index}`);
  expect(bounded({ pods: [{ ...pod, log }] }).pods[0]?.log).toEqual(log.slice(-BOUNDS.logLines));
  const small = { pods: [{ ...pod, log: ['one', 'two'] }], events: ['an event'], missing: ['a thing'] };
  expect(bounded(small)).toEqual(small);
});
