/** What a worker's log says of what is expected. */
import { expect, test } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/common';
import { expectedWords } from '../../src/worker/expected-words.ts';

const failed = (type: string) => ({
  error: ApplicationFailure.create({ type, message: 'sim1/shop: dc/zync: rollout 3 failed' }),
  activityType: 'rollOut',
  workflowId: 'upgrade/sim1/shop',
  attempt: 2,
});

test.each([
  'No activities registered, not polling for activity tasks',
  'No workflows registered, not polling',
])('nothing of how its workers are made: %s', (message) => {
  expect(expectedWords(message)).toBeUndefined();
});

test('a failure that an operator decides about is one line, without a stack', () => {
  expect(expectedWords('Activity failed', failed('RolloutFailed'))).toEqual({
    message:
      'Activity failed: rollOut of upgrade/sim1/shop, attempt 2: RolloutFailed: sim1/shop: dc/zync: rollout 3 failed',
  });
});

test('a fault of the tool is shown with all there is', () => {
  const meta = failed('Bug');
  expect(expectedWords('Activity failed', meta)).toEqual({ message: 'Activity failed', meta });
  const error = new Error('nobody expected it');
  expect(expectedWords('Activity failed', { error })).toEqual({
    message: 'Activity failed',
    meta: { error },
  });
  expect(expectedWords('Something else')).toEqual({ message: 'Something else' });
});
