import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { LabWorker } from './lab-worker.ts';

const LOOK_EVERY_MS = 50;
/** So many looks in a row that see nothing at work while time goes at its own pace. */
const QUIET_LOOKS = 16;
/**
 * A clock that is further ahead of ours than this has skipped. Timers take a second and more; on a busy machine the two clocks are
 * read some hundred milliseconds apart.
 */
const LEAP_MS = 500;

/**
 * Waits while time skips. The time-skipping server counts what stands in time's way, and forgets to take away what a
 * child holds that ends after the run of its parent, or a workflow that is terminated at work: then time goes at its own
 * pace for ever, though nothing is at work. With `letsGo` it is let go of here: only where that may happen, for a server
 * that is merely slow would skip what is about to begin. (TestWorkflowMutableStateImpl of temporal-test-server: "unlocked
 * by the parent".)
 */
export async function whileTimeSkips<T>(
  env: TestWorkflowEnvironment,
  worker: LabWorker,
  waits: Promise<T>,
  letsGo: boolean,
): Promise<T> {
  let isOver = false;
  const watching = watch(env, letsGo ? worker : undefined, () => isOver);
  try {
    return await waits;
  } finally {
    isOver = true;
    await watching;
  }
}

async function watch(
  env: TestWorkflowEnvironment,
  worker: LabWorker | undefined,
  isOver: () => boolean,
): Promise<void> {
  const { testService } = env.connection as { readonly testService: TestService };
  let quietLooks = 0;
  let before = await stand(env);
  while (!isOver()) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    // It may sleep through the moment in which nothing stands in its way any more: this wakes it.
    await testService.lockTimeSkipping({});
    await testService.unlockTimeSkipping({});
    const now = await stand(env);
    const skippedMs = now.serverMs - before.serverMs - (now.ownMs - before.ownMs);
    before = now;
    quietLooks = worker?.isIdle && Math.abs(skippedMs) < LEAP_MS ? quietLooks + 1 : 0;
    if (quietLooks < QUIET_LOOKS) continue;
    quietLooks = 0;
    // It refuses where nothing stands in time's way.
    await testService.unlockTimeSkipping({}).catch(() => undefined);
  }
}

type TestService = Record<
  'lockTimeSkipping' | 'unlockTimeSkipping',
  (request: Record<string, never>) => Promise<unknown>
>;

async function stand(
  env: TestWorkflowEnvironment,
): Promise<{ readonly serverMs: number; readonly ownMs: number }> {
  const serverMs = await env.currentTimeMs();
  return { serverMs, ownMs: performance.now() };
}
