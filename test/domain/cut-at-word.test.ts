import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { cutAtWord, isCut } from '../../src/domain/text/cut-at-word.ts';

test('what fits stays as it is', () => {
  expect(cutAtWord('rollout 3 failed', 16)).toBe('rollout 3 failed');
  expect(isCut('rollout 3 failed')).toBe(false);
});

test('what is longer ends after a whole word, and shows that there is more', () => {
  expect(cutAtWord('rollout 3 of zync failed', 18)).toBe('rollout 3 of …');
  expect(cutAtWord('rollout 3 of zync failed', 19)).toBe('rollout 3 of zync …');
  expect(cutAtWord('oneverylongword', 8)).toBe('onever …');
});

test('a command that ends with a value to fill in is not taken for one that is cut', () => {
  expect(isCut('oc create secret generic x --from-literal=domain=…')).toBe(false);
});

test('whatever the text, it is no longer than asked for, begins as it did, and ends with a word of it', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('a', 'b', ' ', '\n') }),
      fc.integer({ min: 4, max: 30 }),
      (text, longest) => {
        const cut = cutAtWord(text, longest);
        if (text.length <= longest) {
          expect(cut).toBe(text);
          return;
        }
        const kept = cut.slice(0, -2);
        expect(cut.length).toBeLessThanOrEqual(longest);
        expect(isCut(cut)).toBe(true);
        expect(text.startsWith(kept)).toBe(true);
      },
    ),
  );
});
