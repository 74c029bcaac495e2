import { setTimeout as sleep } from 'node:timers/promises';
import { TemporalError } from '../temporal/temporal-error.ts';

const TRIES_AGAIN_MS = 1_000;
const SAYS_AGAIN_MS = 10_000;

/**
 * Tries again, and says so, while Temporal or its namespace is not there yet: for so many seconds, and for what the last try
 * takes. Then, and at once where waiting would not help, throws what `work` has thrown.
 */
export async function whileAway<T>(
  say: (line: string) => void,
  seconds: number,
  work: () => Promise<T>,
): Promise<T> {
  const begunMs = performance.now();
  let saidAtMs = -Infinity;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      const nowMs = performance.now();
      const waitedMs = nowMs - begunMs;
      if (!(error instanceof TemporalError && error.mayPass) || waitedMs >= seconds * 1_000) throw error;
      if (nowMs - saidAtMs >= SAYS_AGAIN_MS) {
        say(`${error.message}: waiting for it (${Math.round(waitedMs / 1_000)} s of ${seconds})`);
        saidAtMs = nowMs;
      }
      await sleep(TRIES_AGAIN_MS);
    }
  }
}
