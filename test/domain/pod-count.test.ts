/** What a heartbeat tells of a rollout, beside its counts of failures. */
import { expect, test } from '@jest/globals';
import { heartbeatOf, podCountIn, withoutPodCount } from '../../src/domain/tenant/pod-count.ts';

const pods = { name: 'system-app', ready: 1, wanted: 3 };
const counts = { Unreachable: 2, Throttled: 1 };

test('is read as it was told, and is no part of the counts', () => {
  const told = { ...counts, ...heartbeatOf(pods) };
  expect(podCountIn(told)).toEqual(pods);
  expect(withoutPodCount(told)).toEqual(counts);
  expect(podCountIn(counts)).toBeUndefined();
});

test('a worker of an earlier release adds up the same failures', () => {
  const told: Record<string, number> = { ...counts, ...heartbeatOf(pods) };
  expect(Object.values(told).reduce((sum, count) => sum + count, 0)).toBe(3);
});
