import { expect, jest, test } from '@jest/globals';
import type { Source } from '../../src/openshift/follow.ts';
import { follow } from '../../src/openshift/follow.ts';
import type { WatchEvent } from '../../src/openshift/watch.ts';

interface Thing {
  readonly metadata: { readonly name: string; readonly resourceVersion: string };
}
const thing = (version: number): Thing => ({
  metadata: { name: 'thing', resourceVersion: String(version) },
});
const versionOf = ({ value }: IteratorResult<Thing | undefined, Thing | undefined>): string | undefined =>
  value?.metadata.resourceVersion;

/** An API of one object: every watch is as scripted, and stays open after its last event unless it says `end`. */
function source(watches: readonly (readonly (WatchEvent<Thing> | 'end')[])[], current: Thing | undefined) {
  const calls = { reads: 0, watchedFrom: [] as string[], closed: 0 };
  const made: Source<Thing> = {
    read: () => {
      calls.reads += 1;
      return Promise.resolve(current);
    },
    async *watch(resourceVersion, signal) {
      const events = watches[calls.watchedFrom.push(resourceVersion) - 1] ?? [];
      for (const event of events) {
        if (event === 'end') return;
        yield event;
      }
      await new Promise<void>((resolve) => {
        signal.addEventListener('abort', () => {
          resolve();
        });
      });
      calls.closed += 1;
    },
  };
  return { calls, made };
}

test('what the caller has comes first, without a request', async () => {
  const { calls, made } = source([], thing(1));
  const following = follow(made, thing(1));
  expect(versionOf(await following.next())).toBe('1');
  expect(calls).toEqual({ reads: 0, watchedFrom: [], closed: 0 });
});

test('the newest of a burst of changes comes next, of one watch from the version at hand, and nothing is read', async () => {
  const burst = [2, 3, 4].map((version) => ({ type: 'MODIFIED', object: thing(version) }));
  const { calls, made } = source([burst], thing(4));
  const following = follow(made, thing(1));
  await following.next();
  expect(versionOf(await following.next())).toBe('4');
  expect(calls).toMatchObject({ reads: 0, watchedFrom: ['1'] });
});

test('an object that is deleted is told as gone', async () => {
  const { made } = source([[{ type: 'DELETED', object: thing(2) }]], undefined);
  const following = follow(made, thing(1));
  await following.next();
  expect(await following.next()).toEqual({ done: false, value: undefined });
});

test.each([
  ['a watch that ends', ['end'] as const],
  ['a version that is no longer known', [{ type: 'ERROR', object: thing(0) }] as const],
])('after %s the object is read again, and watched from there', async (_, events) => {
  const { calls, made } = source([events, [{ type: 'MODIFIED', object: thing(9) }]], thing(7));
  const following = follow(made, thing(1));
  await following.next();
  expect(versionOf(await following.next())).toBe('7');
  expect(versionOf(await following.next())).toBe('9');
  expect(calls).toMatchObject({ reads: 1, watchedFrom: ['1', '7'] });
});

test('a bookmark is no change', async () => {
  const events = [
    { type: 'BOOKMARK', object: thing(5) },
    { type: 'MODIFIED', object: thing(6) },
  ];
  const { made } = source([events], thing(6));
  const following = follow(made, thing(1));
  await following.next();
  expect(versionOf(await following.next())).toBe('6');
});

test('whoever stops listening closes the watch', async () => {
  const { calls, made } = source([[{ type: 'MODIFIED', object: thing(2) }]], thing(2));
  for await (const now of follow(made, thing(1))) if (now?.metadata.resourceVersion === '2') break;
  await new Promise((resolve) => setTimeout(resolve, 0));
  expect(calls.closed).toBe(1);
});

test('the signal ends the wait with its reason', async () => {
  const stop = new AbortController();
  const { made } = source([], thing(1));
  const following = follow(made, thing(1), stop.signal);
  await following.next();
  const waiting = following.next();
  stop.abort(new Error('the worker goes away'));
  await expect(waiting).rejects.toThrow('the worker goes away');
});

test('a watch that keeps quiet about a change is found out, and another one opened', async () => {
  jest.useFakeTimers();
  try {
    const { calls, made } = source([[], [{ type: 'MODIFIED', object: thing(9) }]], thing(7));
    const following = follow(made, thing(1));
    await following.next();
    const reread = following.next();
    await jest.advanceTimersByTimeAsync(5_000);
    expect(versionOf(await reread)).toBe('7');
    const changed = following.next();
    await jest.advanceTimersByTimeAsync(100);
    expect(versionOf(await changed)).toBe('9');
    expect(calls).toEqual({ reads: 1, watchedFrom: ['1', '7'], closed: 1 });
  } finally {
    jest.useRealTimers();
  }
});
