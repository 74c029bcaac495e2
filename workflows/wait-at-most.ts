import { condition, sleep } from '@temporalio/workflow';

/**
 * Waits until it is so, at most so long. The timer is not cancelled: it fires late and for nothing, which costs less than
 * a cancellation that meets it as it fires (the time-skipping server takes none then).
 */
export async function waitAtMost(ms: number, isSo: () => boolean): Promise<void> {
  let isLate = false;
  void sleep(ms).then(() => {
    isLate = true;
  });
  await condition(() => isLate || isSo());
}
