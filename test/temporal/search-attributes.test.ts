import { expect, test } from '@jest/globals';
import { ServiceError } from '@temporalio/client';
import { onceAttributesAreRead } from '../../src/temporal/search-attributes.ts';

/** As the client throws it: what the server answered is its cause. */
function refused(details: string): ServiceError {
  const cause = Object.assign(new Error(`3 INVALID_ARGUMENT: ${details}`), {
    ...{ code: 3, details, metadata: { toJSON: () => ({}) } },
  });
  return new ServiceError('Failed to start Workflow', { cause });
}

/** Fails so often, and answers then. */
function failing(times: number, error: Error): { start: () => Promise<string>; calls: () => number } {
  let calls = 0;
  return {
    calls: () => calls,
    start: () => {
      calls += 1;
      return calls > times ? Promise.resolve('started') : Promise.reject(error);
    },
  };
}

test.each([
  'Namespace second has no mapping defined for search attribute ThreescaleTenant',
  'search attribute ThreescaleTenant is not defined',
])('an attribute that the server has not read yet is waited for: %s', async (details) => {
  const { start, calls } = failing(2, refused(details));
  expect(await onceAttributesAreRead(start)).toBe('started');
  expect(calls()).toBe(3);
});

test.each([
  refused('WorkflowId exceeds length limit'),
  new ServiceError('Failed to start Workflow'),
  new Error('search attribute ThreescaleTenant is not defined'),
])('anything else is thrown at once: %s', async (error) => {
  const { start, calls } = failing(1, error);
  await expect(onceAttributesAreRead(start)).rejects.toBe(error);
  expect(calls()).toBe(1);
});
