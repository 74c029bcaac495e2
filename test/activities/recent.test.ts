import { afterEach, expect, jest, test } from '@jest/globals';
import { LEASE_MS } from '../../src/procedure/claim/fence.ts';
import { Recent } from '../../activities/recent.ts';

afterEach(() => {
  jest.restoreAllMocks();
});

/** Answers with how often it was asked, or as it is told to. */
function asked(answer: (times: number) => number | undefined = (times) => times) {
  let times = 0;
  return () => Promise.resolve(answer((times += 1)));
}

function later(ms: number): void {
  const [steady, wall] = [performance.now(), Date.now()];
  jest.spyOn(performance, 'now').mockReturnValue(steady + ms);
  jest.spyOn(Date, 'now').mockReturnValue(wall + ms);
}

test('what was read a moment ago is not read again, each by its key', async () => {
  const recent = new Recent<number>();
  const [one, other] = [asked(), asked(() => 7)];
  expect([await recent.see('a', one), await recent.see('b', other), await recent.see('a', one)]).toEqual([
    1, 7, 1,
  ]);
});

test('what is as old as a lease is read anew', async () => {
  const recent = new Recent<number>();
  const read = asked();
  await recent.see('a', read);
  later(LEASE_MS);
  expect(await recent.see('a', read)).toBe(2);
});

test('what is not there is looked for again', async () => {
  const recent = new Recent<number>();
  const read = asked((times) => (times === 1 ? undefined : times));
  expect([await recent.see('a', read), await recent.see('a', read)]).toEqual([undefined, 2]);
});

test('what cannot be read is not remembered', async () => {
  const recent = new Recent<number>();
  await expect(recent.see('a', () => Promise.reject(new Error('away')))).rejects.toThrow('away');
  expect(await recent.see('a', asked())).toBe(1);
});
