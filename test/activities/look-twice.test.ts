import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { lookTwice, seeTwice } from '../../src/procedure/edit/look-twice.ts';
import type { FailureType } from '../../src/domain/tenant/failure.ts';
import { StepError } from '../../src/procedure/step-error.ts';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

const { signal } = new AbortController();
const found = (type: FailureType): StepError => new StepError(type, 'it is so', 'look');

/** Each look ends with the next of these. */
function looks(answers: readonly (StepError | 'done')[], hasWritten = false) {
  let count = 0;
  const begin = () => ({
    hasWritten: () => hasWritten,
    act: () => {
      const answer = answers[count] ?? 'done';
      count += 1;
      return answer === 'done' ? Promise.resolve(answer) : Promise.reject(answer);
    },
  });
  return { begin, count: () => count };
}

async function ended<T>(promise: Promise<T>): Promise<T | Error> {
  const settled = promise.catch((error: unknown) => error as Error);
  await jest.advanceTimersByTimeAsync(5_000);
  return settled;
}

test.each(['EditedByOthers', 'NotFound', 'NotVerified', 'Superseded'] as const)(
  '%s counts when a second look finds it too',
  async (type) => {
    const once = looks([found(type), 'done']);
    expect(await ended(lookTwice(once.begin, signal))).toBe('done');
    const twice = looks([found(type), found(type)]);
    expect(await ended(lookTwice(twice.begin, signal))).toMatchObject({ type });
    expect([once.count(), twice.count()]).toEqual([2, 2]);
  },
);

test('what the cluster itself says counts at once', async () => {
  const failed = looks([found('RolloutFailed')]);
  expect(await ended(lookTwice(failed.begin, signal))).toMatchObject({ type: 'RolloutFailed' });
  expect(failed.count()).toBe(1);
});

test('what has written is not begun again: a command, or a rollout, would be done twice', async () => {
  const written = looks([found('NotFound')], true);
  expect(await ended(lookTwice(written.begin, signal))).toMatchObject({ type: 'NotFound' });
  expect(written.count()).toBe(1);
});

test('what is settled has been looked at often enough', async () => {
  const waited = looks([found('NotVerified').settled()]);
  expect(await ended(lookTwice(waited.begin, signal))).toMatchObject({ type: 'NotVerified' });
  expect(waited.count()).toBe(1);
});

test('a look that takes its time is one look: it is made again', async () => {
  const slow = looks([found('EditedByOthers'), 'done']);
  const begin = () => {
    const { act, hasWritten } = slow.begin();
    return { hasWritten, act: () => new Promise((resolve) => setTimeout(resolve, 4_000)).then(act) };
  };
  const end = ended(lookTwice(begin, signal));
  await jest.advanceTimersByTimeAsync(10_000);
  expect(await end).toBe('done');
});

test('a list of what is wrong is read twice, and one that is empty once', async () => {
  const answers = [['dc/zync'], []];
  let reads = 0;
  const read = (): Promise<string[]> => Promise.resolve(answers[reads++] ?? []);
  const isBad = (list: readonly string[]): boolean => list.length > 0;
  expect(await ended(seeTwice(read, isBad, signal))).toEqual([]);
  expect(await ended(seeTwice(read, isBad, signal))).toEqual([]);
  expect(reads).toBe(3);
});
