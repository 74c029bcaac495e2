/** Nobody waits in silence. */
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { telling } from '../src/telling.ts';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

test('every five seconds it is said that it goes on, and not once it is over', async () => {
  const said: string[] = [];
  const say = (line: string): void => void said.push(line);
  const work = telling(
    say,
    (seconds) => `still at it (${seconds} s)`,
    () => new Promise((resolve) => setTimeout(resolve, 12_000)),
  );
  await jest.advanceTimersByTimeAsync(4_900);
  expect(said).toEqual([]);
  await jest.advanceTimersByTimeAsync(20_000);
  await work;
  expect(said).toEqual(['still at it (5 s)', 'still at it (10 s)']);
});
