import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { Fence, FenceUntil, Lease, Leases } from '../../src/procedure/claim/fence.ts';

const DAY_MS = 86_400_000;

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

test('an answer that was under way while the process slept is no news: it is asked for again', async () => {
  let asked = 0;
  const fence = new Fence(() => {
    const lease = new Lease();
    asked += 1;
    if (asked === 1) jest.advanceTimersByTime(10_000);
    return Promise.resolve([lease]);
  });
  await fence.pass();
  expect({ asked, isOpen: fence.isOpen }).toEqual({ asked: 2, isOpen: true });
});

test('it is open while all that it relies on is fresh, and no longer', async () => {
  const leases = new Leases();
  let looks = 0;
  const look = (): Promise<void> => {
    looks += 1;
    return Promise.resolve();
  };
  await leases.see('claim', look);
  jest.advanceTimersByTime(3_000);
  const fence = new Fence(async () => [new Lease(), await leases.see('claim', look)]);
  await fence.pass();
  expect({ looks, isOpen: fence.isOpen }).toEqual({ looks: 1, isOpen: true });
  jest.advanceTimersByTime(1_500);
  expect(fence.isOpen).toBe(false);
  await fence.pass();
  expect({ looks, isOpen: fence.isOpen }).toEqual({ looks: 2, isOpen: true });
});

test('it is closed before it was passed, and stays so where it may not be', async () => {
  const fence = new Fence(() => Promise.reject(new Error('no longer current')));
  expect(fence.isOpen).toBe(false);
  await expect(fence.pass()).rejects.toThrow('no longer current');
  expect(fence.isOpen).toBe(false);
});

test('where every answer is too late to rely on, it says so in the end: a slow cluster is none that hangs', async () => {
  const fence = new Fence(() => {
    const lease = new Lease();
    jest.advanceTimersByTime(5_000);
    return Promise.resolve([lease]);
  });
  await expect(fence.pass()).rejects.toMatchObject({ kind: 'Unreachable', unsure: false });
});

test('one that closes at a moment lets nothing through after it, however fresh the answers are', async () => {
  const fence = new Fence(() => Promise.resolve([new Lease()]));
  const until = new FenceUntil(fence, Date.now() + 1_000, () => new Error('too late'));
  await until.pass();
  expect(until.isOpen).toBe(true);
  jest.advanceTimersByTime(1_000);
  expect({ inner: fence.isOpen, isOpen: until.isOpen }).toEqual({ inner: true, isOpen: false });
  await expect(until.pass()).rejects.toThrow('too late');
});

test.each([
  ['two days behind', -2 * DAY_MS],
  ['two days ahead', 2 * DAY_MS],
])(
  'one that closes at a moment of another clock goes by that, where its own machine is %s',
  async (_, off) => {
    const inner = new Fence(() => Promise.resolve([new Lease()]));
    const there = (): number => Date.now() - off;
    const until = new FenceUntil(
      inner,
      there() + 2_000,
      () => new Error('too late'),
      () => Promise.resolve(there()),
    );
    await until.pass();
    expect(until.isOpen).toBe(true);
    jest.advanceTimersByTime(2_000);
    expect({ inner: inner.isOpen, isOpen: until.isOpen }).toEqual({ inner: true, isOpen: false });
    await expect(until.pass()).rejects.toThrow('too late');
  },
);

test('what another clock has shown is asked for again once it is no news', async () => {
  let asked = 0;
  const inner = new Fence(() => Promise.resolve([new Lease()]));
  const now = (): Promise<number> => {
    asked += 1;
    return Promise.resolve(Date.now());
  };
  const until = new FenceUntil(inner, Date.now() + 60_000, () => new Error('too late'), now);
  expect(until.isOpen).toBe(false);
  await until.pass();
  await until.pass();
  expect({ asked, isOpen: until.isOpen }).toEqual({ asked: 1, isOpen: true });
  jest.advanceTimersByTime(10_000);
  expect(until.isOpen).toBe(false);
  await until.pass();
  expect({ asked, isOpen: until.isOpen }).toEqual({ asked: 2, isOpen: true });
});

test('an answer of another clock that was under way for long counts from when it was asked for: never too late', async () => {
  const inner = new Fence(() => Promise.resolve([new Lease()]));
  const now = (): Promise<number> => {
    jest.advanceTimersByTime(3_000);
    return Promise.resolve(0);
  };
  const until = new FenceUntil(inner, 2_999, () => new Error('too late'), now);
  await expect(until.pass()).rejects.toThrow('too late');
});
