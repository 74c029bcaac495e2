/** Nobody waits longer in silence. */
const EVERY_MS = 5_000;

/** Says every few seconds that `work` goes on, and for how long it has. */
export async function telling<T>(
  say: (line: string) => void,
  line: (seconds: number) => string,
  work: () => Promise<T>,
): Promise<T> {
  const begunMs = performance.now();
  const timer = setInterval(() => {
    say(line(Math.round((performance.now() - begunMs) / 1_000)));
  }, EVERY_MS);
  timer.unref();
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
