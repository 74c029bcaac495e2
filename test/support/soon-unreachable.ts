import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import type { RetryLimits } from '../../src/domain/tenant/tenant-upgrade.ts';

/**
 * What an activity is told of how often a silent cluster is asked, as if the fleet had been started with so few: the eight of a
 * fleet take two minutes, in which a test does nothing.
 */
export const soonUnreachable =
  (unreachableAttempts: number): ActivityInterceptorsFactory =>
  () => ({
    inbound: {
      execute: (input, next) =>
        next({ ...input, args: input.args.map((arg) => withLimit(arg, unreachableAttempts)) }),
    },
  });

function withLimit(arg: unknown, unreachableAttempts: number): unknown {
  const { limits } = (arg ?? {}) as { readonly limits?: RetryLimits };
  return limits ? { ...(arg as object), limits: { ...limits, unreachableAttempts } } : arg;
}
