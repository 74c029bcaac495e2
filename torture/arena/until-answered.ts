import { setTimeout as sleep } from 'node:timers/promises';

const AGAIN_AFTER_MS = 300;

/** Asks a Temporal that may just be away, or only just be there again; the last of so many failures is thrown. */
export async function untilAnswered<T>(ask: () => Promise<T>, most = Infinity): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await ask();
    } catch (error) {
      if (tries >= most) throw error;
      await sleep(AGAIN_AFTER_MS);
    }
  }
}
