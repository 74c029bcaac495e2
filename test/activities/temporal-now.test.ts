/** What Temporal's clock shows is what it says of this very attempt, and no guess as long as it can be asked. */
import { afterEach, expect, jest, test } from '@jest/globals';
import type { Client } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import { MockActivityEnvironment } from '@temporalio/testing';
import { temporalNow } from '../../activities/temporal-now.ts';

afterEach(() => {
  jest.restoreAllMocks();
});

const SCHEDULED = 1_000_000;
const [PERMISSION_DENIED, UNIMPLEMENTED, UNAVAILABLE] = [7, 12, 14] as const;
const failed = (code: number): Error => Object.assign(new Error('no'), { code, details: 'no', metadata: {} });

/** Temporal answers so, one answer a question; the last one again and again. */
async function asked(...answers: readonly (number | undefined | Error)[]) {
  const calls: string[] = [];
  const left = [...answers];
  const client = {
    withDeadline: (_: number, act: () => Promise<unknown>) => act(),
    withAbortSignal: (_: AbortSignal, act: () => Promise<unknown>) => act(),
    activity: {
      heartbeat: () => {
        calls.push('heartbeat');
        return Promise.resolve();
      },
    },
    workflowService: {
      describeWorkflowExecution: () => {
        calls.push('describe');
        const answer = left.length > 1 ? left.shift() : left[0];
        if (answer instanceof Error) return Promise.reject(answer);
        const own = answer === undefined ? {} : { lastHeartbeatTime: msToTs(answer) };
        return Promise.resolve({
          pendingActivities: [
            { activityId: 'another', lastHeartbeatTime: msToTs(1) },
            { activityId: 'own', ...own },
          ],
        });
      },
    },
  } as unknown as Client;
  const info = { activityId: 'own', currentAttemptScheduledTimestampMs: SCHEDULED };
  const nowMs = (await new MockActivityEnvironment(info, { client }).run(() => temporalNow({}))) as number;
  return { nowMs, calls };
}

test('it is when Temporal has heard of the attempt, which is told right before', async () => {
  expect(await asked(7_000)).toEqual({ nowMs: 7_000, calls: ['heartbeat', 'describe'] });
});

test('while Temporal is away, it is asked again', async () => {
  const { nowMs, calls } = await asked(failed(UNAVAILABLE), 7_000);
  expect({ nowMs, calls }).toEqual({
    nowMs: 7_000,
    calls: ['heartbeat', 'describe', 'heartbeat', 'describe'],
  });
});

test.each([
  ['where it may not be asked', failed(PERMISSION_DENIED)],
  ['where it knows no such question', failed(UNIMPLEMENTED)],
  ['where it does not say', undefined],
])('%s, it is at least when the attempt was scheduled, and what the clock here shows', async (_, answer) => {
  jest.spyOn(Date, 'now').mockReturnValue(SCHEDULED - 5);
  expect(await asked(answer)).toMatchObject({ nowMs: SCHEDULED });
  jest.spyOn(Date, 'now').mockReturnValue(SCHEDULED + 5);
  expect(await asked(answer)).toMatchObject({ nowMs: SCHEDULED + 5 });
});

test('what no answer explains is thrown', async () => {
  await expect(asked(new TypeError('a bug'))).rejects.toThrow('a bug');
});
